      * What the general ledger booked of one file of postings, each under the number of a document.
       01  FILE-HEADER.
           05  RECORD-TYPE             PIC X.
           05  FILE-NUMBER             PIC 9(9)       COMP.
           05  POSTINGS-FILE           PIC 9(9)       COMP.
           05  BOOKED-ON               PIC 9(8).
       01  BOOKING.
           05  RECORD-TYPE             PIC X.
           05  ORDER-ID                PIC X(12).
           05  DOCUMENT-NUMBER         PIC 9(10).
           05  GROSS-AMOUNT            PIC S9(9)V99   COMP-3.
       01  FILE-TRAILER.
           05  RECORD-TYPE             PIC X.
           05  BOOKING-COUNT           PIC 9(9)       COMP.
           05  GROSS-TOTAL             PIC S9(11)V99  COMP-3.
