      * What was sold, from the shop to the general ledger. One currency a file.
       01  FILE-HEADER.
           05  RECORD-TYPE             PIC X.
           05  FILE-NUMBER             PIC 9(9)       COMP.
           05  CREATED-ON              PIC 9(8).
           05  CURRENCY-CODE           PIC X(3).
           05  FILLER                  PIC X(44).
       01  POSTING.
           05  RECORD-TYPE             PIC X.
           05  ORDER-ID                PIC X(12).
           05  CUSTOMER-ID             PIC X(20).
           05  PLACED-ON               PIC 9(8).
           05  GROSS-AMOUNT            PIC S9(9)V99   COMP-3.
           05  TAX-AMOUNT              PIC S9(9)V99   COMP-3.
           05  FILLER                  PIC X(7).
       01  FILE-TRAILER.
           05  RECORD-TYPE             PIC X.
           05  POSTING-COUNT           PIC 9(9)       COMP.
           05  GROSS-TOTAL             PIC S9(11)V99  COMP-3.
           05  FILLER                  PIC X(48).
