// The fields of HL7 segments ABS to MFI, by position.
//
// A field is its name, ":" and its data type where that has components, "*" where it repeats; what stands between commas is
// the field of that place. Names are those of HL7 versions 2.5.1 to 2.7.1 (older ones where a field has gone), as one word.

export const segmentsAToM = `
ABS dischargeCareProvider:XCN,transferMedicalServiceCode:CWE,severityOfIllnessCode:CWE,dateTimeOfAttestation,attestedBy:XCN,
  triageCode:CWE,abstractCompletionDateTime,abstractedBy:XCN,caseCategoryCode:CWE,caesarianSectionIndicator,
  gestationCategoryCode:CWE,gestationPeriodWeeks,newbornCode:CWE,stillbornIndicator
ACC accidentDateTime,accidentCode:CWE,accidentLocation,autoAccidentState:CWE,accidentJobRelatedIndicator,
  accidentDeathIndicator,enteredBy:XCN,accidentDescription,broughtInBy,policeNotifiedIndicator,accidentAddress:XAD,
  degreeOfPatientLiability
ADD addendumContinuationPointer
ADJ providerAdjustmentNumber:EI,payerAdjustmentNumber:EI,adjustmentSequenceNumber,adjustmentCategory,adjustmentAmount:CP*,
  adjustmentQuantity:CQ,adjustmentReasonPa:CWE,adjustmentDescription,originalValue,substituteValue,adjustmentAction,
  providerAdjustmentNumberCrossReference:EI,providerProductServiceLineItemNumberCrossReference:EI,adjustmentDate,
  responsibleOrganization:XON
AFF setId,professionalOrganization:XON,professionalOrganizationAddress:XAD,professionalOrganizationAffiliationDateRange:DR*,
  professionalAffiliationAdditionalInformation
AIG setId,segmentActionCode,resourceId:CWE,resourceType:CWE,resourceGroup:CWE*,resourceQuantity,resourceQuantityUnits:CWE,
  startDateTime,startDateTimeOffset,startDateTimeOffsetUnits:CWE,duration,durationUnits:CWE,allowSubstitutionCode,
  fillerStatusCode:CWE
AIL setId,segmentActionCode,locationResourceId:PL*,locationType:CWE,locationGroup:CWE,startDateTime,startDateTimeOffset,
  startDateTimeOffsetUnits:CWE,duration,durationUnits:CWE,allowSubstitutionCode,fillerStatusCode:CWE
AIP setId,segmentActionCode,personnelResourceId:XCN*,resourceType:CWE,resourceGroup:CWE,startDateTime,startDateTimeOffset,
  startDateTimeOffsetUnits:CWE,duration,durationUnits:CWE,allowSubstitutionCode,fillerStatusCode:CWE
AIS setId,segmentActionCode,universalServiceIdentifier:CWE,startDateTime,startDateTimeOffset,startDateTimeOffsetUnits:CWE,
  duration,durationUnits:CWE,allowSubstitutionCode,fillerStatusCode:CWE,placerSupplementalServiceInformation:CWE*,
  fillerSupplementalServiceInformation:CWE*
AL1 setId,allergenTypeCode:CWE,allergenCodeMnemonicDescription:CWE,allergySeverityCode:CWE,allergyReactionCode*,
  identificationDate
APR timeSelectionCriteria:SCV*,resourceSelectionCriteria:SCV*,locationSelectionCriteria:SCV*,slotSpacingCriteria,
  fillerOverrideCriteria:SCV*
ARQ placerAppointmentId:EI,fillerAppointmentId:EI,occurrenceNumber,placerGroupNumber:EI,scheduleId:CWE,requestEventReason:CWE,
  appointmentReason:CWE,appointmentType:CWE,appointmentDuration,appointmentDurationUnits:CWE,requestedStartDateTimeRange:DR*,
  priority,repeatingInterval:RI,repeatingIntervalDuration,placerContactPerson:XCN*,placerContactPhoneNumber:XTN*,
  placerContactAddress:XAD*,placerContactLocation:PL,enteredByPerson:XCN*,enteredByPhoneNumber:XTN*,enteredByLocation:PL,
  parentPlacerAppointmentId:EI,parentFillerAppointmentId:EI,placerOrderNumber:EI*,fillerOrderNumber:EI*
ARV setId,accessRestrictionActionCode:CWE,accessRestrictionValue:CWE,accessRestrictionReason:CWE*,
  specialAccessRestrictionInstructions*,accessRestrictionDateRange:DR
AUT authorizingPayorPlanId:CWE,authorizingPayorCompanyId:CWE,authorizingPayorCompanyName,authorizationEffectiveDate,
  authorizationExpirationDate,authorizationIdentifier:EI,reimbursementLimit:CP,requestedNumberOfTreatments,
  authorizedNumberOfTreatments,processDate,requestedDiscipline:CWE*,authorizedDiscipline:CWE*
BHS batchFieldSeparator,batchEncodingCharacters,batchSendingApplication:HD,batchSendingFacility:HD,
  batchReceivingApplication:HD,batchReceivingFacility:HD,batchCreationDateTime,batchSecurity,batchNameIdType,batchComment,
  batchControlId,referenceBatchControlId,batchSendingNetworkAddress:HD,batchReceivingNetworkAddress:HD
BLC bloodProductCode:CWE,bloodAmount:CQ
BLG whenToCharge:CCD,chargeType,accountId:CX,chargeTypeReason:CWE
BPO setId,bpUniversalServiceId:CWE,bpProcessingRequirements:CWE*,bpQuantity,bpAmount,bpUnits:CWE,bpIntendedUseDateTime,
  bpIntendedDispenseFromLocation:PL,bpIntendedDispenseFromAddress:XAD,bpRequestedDispenseDateTime,
  bpRequestedDispenseToLocation:PL,bpRequestedDispenseToAddress:XAD,bpIndicationForUse:CWE*,bpInformedConsentIndicator
BPX setId,bpDispenseStatus:CWE,bpStatus,bpDateTimeOfStatus,bcDonationId:EI,bcComponent:CWE,bcDonationTypeIntendedUse:CWE,
  cpCommercialProduct:CWE,cpManufacturer:XON,cpLotNumber:EI,bpBloodGroup:CWE,bcSpecialTesting:CWE*,bpExpirationDateTime,
  bpQuantity,bpAmount,bpUnits:CWE,bpUniqueId:EI,bpActualDispensedToLocation:PL,bpActualDispensedToAddress:XAD,
  bpDispensedToReceiver:XCN,bpDispensingIndividual:XCN
BTS batchMessageCount,batchComment,batchTotals*
BTX setId,bcDonationId:EI,bcComponent:CWE,bcBloodGroup:CWE,cpCommercialProduct:CWE,cpManufacturer:XON,cpLotNumber:EI,
  bpQuantity,bpAmount,bpUnits:CWE,bpTransfusionDispositionStatus:CWE,bpMessageStatus,bpDateTimeOfStatus,bpAdministrator:XCN,
  bpVerifier:XCN,bpTransfusionStartDateTimeOfStatus,bpTransfusionEndDateTimeOfStatus,bpAdverseReactionType:CWE*,
  bpTransfusionInterruptedReason:CWE
CDM primaryKeyValue:CWE,chargeCodeAlias:CWE*,chargeDescriptionShort,chargeDescriptionLong,descriptionOverrideIndicator,
  explodingCharges:CWE*,procedureCode:CWE*,activeInactiveFlag,inventoryNumber:CWE*,resourceLoad,contractNumber:CX*,
  contractOrganization:XON*,roomFeeIndicator
CER setId,serialNumber,version,grantingAuthority:XON,issuingAuthority:XCN,signatureOfIssuingAuthority:ED,grantingCountry,
  grantingStateProvince:CWE,grantingCountyParish:CWE,certificateType:CWE,certificateDomain:CWE,subjectId,subjectName,
  subjectDirectoryAttributeExtension:CWE*,subjectPublicKeyInfo:CWE,authorityKeyIdentifier:CWE,basicConstraint,
  crlDistributionPoint:CWE*,jurisdictionCountry,jurisdictionStateProvince:CWE,jurisdictionCountyParish:CWE,
  jurisdictionBreadth:CWE*,grantingDate,issuingDate,activationDate,inactivationDate,expirationDate,renewalDate,revocationDate,
  revocationReasonCode:CWE,certificateStatus:CWE
CM0 setId,sponsorStudyId:EI,alternateStudyId:EI*,titleOfStudy,chairmanOfStudy:XCN*,lastIrbApprovalDate,totalAccrualToDate,
  lastAccrualDate,contactForStudy:XCN*,contactsTelephoneNumber:XTN,contactsAddress:XAD*
CM1 setId,studyPhaseIdentifier:CWE,descriptionOfStudyPhase
CM2 setId,scheduledTimePoint:CWE,descriptionOfTimePoint,eventsScheduledThisTimePoint:CWE*
CNS startingNotificationReferenceNumber,endingNotificationReferenceNumber,startingNotificationDateTime,
  endingNotificationDateTime,startingNotificationCode:CWE,endingNotificationCode:CWE
CON setId,consentType:CWE,consentFormIdAndVersion,consentFormNumber:EI,consentText*,subjectSpecificConsentText*,
  consentBackgroundInformation*,subjectSpecificConsentBackgroundText*,consenterImposedLimitations*,consentMode:CWE,
  consentStatus:CWE,consentDiscussionDateTime,consentDecisionDateTime,consentEffectiveDateTime,consentEndDateTime,
  subjectCompetenceIndicator,translatorAssistanceIndicator,languageTranslatedTo:CWE,informationalMaterialSuppliedIndicator,
  consentBypassReason:CWE,consentDisclosureLevel,consentNonDisclosureReason:CWE,nonSubjectConsenterReason:CWE,
  consenterId:XPN*,relationshipToSubject*
CSP studyPhaseIdentifier:CWE,dateTimeStudyPhaseBegan,dateTimeStudyPhaseEnded,studyPhaseEvaluability:CWE
CSR sponsorStudyId:EI,alternateStudyId:EI,institutionRegisteringThePatient:CWE,sponsorPatientId:CX,alternatePatientId:CX,
  dateTimeOfPatientStudyRegistration,personPerformingStudyRegistration:XCN*,studyAuthorizingProvider:XCN*,
  dateTimePatientStudyConsentSigned,patientStudyEligibilityStatus:CWE,studyRandomizationDateTime*,randomizedStudyArm:CWE*,
  stratumForStudyRandomization:CWE*,patientEvaluabilityStatus:CWE,dateTimeEndedStudy,reasonEndedStudy:CWE
CSS studyScheduledTimePoint:CWE,studyScheduledPatientTimePoint,studyQualityControlCodes:CWE*
CTD contactRole:CWE*,contactName:XPN*,contactAddress:XAD*,contactLocation:PL,contactCommunicationInformation:XTN*,
  preferredMethodOfContact:CWE,contactIdentifiers:PLN*
CTI sponsorStudyId:EI,studyPhaseIdentifier:CWE,studyScheduledTimePoint:CWE
DB1 setId,disabledPersonCode,disabledPersonIdentifier:CX*,disabledIndicator,disabilityStartDate,disabilityEndDate,
  disabilityReturnToWorkDate,disabilityUnableToWorkDate
DG1 setId,diagnosisCodingMethod,diagnosisCode:CWE,diagnosisDescription,diagnosisDateTime,diagnosisType,
  majorDiagnosticCategory:CWE,diagnosticRelatedGroup:CWE,drgApprovalIndicator,drgGrouperReviewCode,outlierType:CWE,
  outlierDays,outlierCost:CP,grouperVersionAndType,diagnosisPriority,diagnosingClinician:XCN*,diagnosisClassification,
  confidentialIndicator,attestationDateTime,diagnosisIdentifier:EI,diagnosisActionCode,parentDiagnosis:EI,drgCclValueCode:CWE,
  drgGroupingUsage,drgDiagnosisDeterminationStatus,presentOnAdmissionIndicator
DMI diagnosticRelatedGroup:CWE,majorDiagnosticCategory:CWE,lowerAndUpperTrimPoints:NR,averageLengthOfStay,relativeWeight
DRG diagnosticRelatedGroup:CWE,assignedDateTime,approvalIndicator,grouperReviewCode,outlierType:CWE,outlierDays,
  outlierCost:CP,payor,outlierReimbursement:CP,confidentialIndicator,transferType,nameOfCoder:XPN,grouperStatus:CWE,
  pcclValueCode:CWE,effectiveWeight,monetaryAmount:MO,statusPatient,grouperSoftwareName,grouperSoftwareVersion,
  statusFinancialCalculation,relativeDiscountSurcharge:MO,basicCharge:MO,totalCharge:MO,discountSurcharge:MO,calculatedDays,
  statusGender,statusAge,statusLengthOfStay,statusSameDayFlag,statusSeparationMode,statusWeightAtBirth,
  statusRespirationMinutes,statusAdmission
DSC continuationPointer,continuationStyle
DSP setId,displayLevel,dataLine,logicalBreakPoint,resultId
ECD referenceCommandNumber,remoteControlCommand:CWE,responseRequired,requestedCompletionTime:TQ,parameters*
ECR commandResponse:CWE,dateTimeCompleted,commandResponseParameters*
EDU setId,academicDegree,academicDegreeProgramDateRange:DR,academicDegreeProgramParticipationDateRange:DR,
  academicDegreeGrantedDate,school:XON,schoolTypeCode:CWE,schoolAddress:XAD,majorFieldOfStudy:CWE*
EQL queryTag,queryResponseFormatCode,queryName:CWE,queryStatement
EQP eventType:CWE,fileName,startDateTime,endDateTime,transactionData
EQU equipmentInstanceIdentifier:EI,eventDateTime,equipmentState:CWE,localRemoteControlState:CWE,alertLevel:CWE
ERQ queryTag,eventIdentifier:CWE,inputParameterList:QIP*
ERR errorCodeAndLocation:ELD*,errorLocation:ERL*,hl7ErrorCode:CWE,severity,applicationErrorCode:CWE,
  applicationErrorParameter*,diagnosticInformation,userMessage,informPersonIndicator*,overrideType:CWE,
  overrideReasonCode:CWE*,helpDeskContactPoint:XTN*
EVN eventTypeCode,recordedDateTime,dateTimePlannedEvent,eventReasonCode,operatorId:XCN*,eventOccurred,eventFacility:HD
FAC facilityId:EI,facilityType,facilityAddress:XAD*,facilityTelecommunication:XTN,contactPerson:XCN*,contactTitle*,
  contactAddress:XAD*,contactTelecommunication:XTN*,signatureAuthority:XCN*,signatureAuthorityTitle,
  signatureAuthorityAddress:XAD*,signatureAuthorityTelecommunication:XTN
FHS fileFieldSeparator,fileEncodingCharacters,fileSendingApplication:HD,fileSendingFacility:HD,fileReceivingApplication:HD,
  fileReceivingFacility:HD,fileCreationDateTime,fileSecurity,fileNameId,fileHeaderComment,fileControlId,
  referenceFileControlId,fileSendingNetworkAddress:HD,fileReceivingNetworkAddress:HD
FT1 setId,transactionId,transactionBatchId,transactionDate:DR,transactionPostingDate,transactionType,transactionCode:CWE,
  transactionDescription,transactionDescriptionAlt,transactionQuantity,transactionAmountExtended:CP,transactionAmountUnit:CP,
  departmentCode:CWE,insurancePlanId:CWE,insuranceAmount:CP,assignedPatientLocation:PL,feeSchedule,patientType,
  diagnosisCode:CWE*,performedByCode:XCN*,orderedByCode:XCN*,unitCost:CP,fillerOrderNumber:EI,enteredByCode:XCN*,
  procedureCode:CWE,procedureCodeModifier:CWE*,advancedBeneficiaryNoticeCode:CWE,
  medicallyNecessaryDuplicateProcedureReason:CWE,ndcCode:CWE,paymentReferenceId:CX,transactionReferenceKey*,
  performingFacility:XON*,orderingFacility:XON,itemNumber:CWE,modelNumber,specialProcessingCode:CWE*,clinicCode:CWE,
  referralNumber:CX,authorizationNumber:CX,serviceProviderTaxonomyCode:CWE,revenueCode:CWE,prescriptionNumber,ndcQtyAndUom:CQ
FTS fileBatchCount,fileTrailerComment
GOL actionCode,actionDateTime,goalId:CWE,goalInstanceId:EI,episodeOfCareId:EI,goalListPriority,goalEstablishedDateTime,
  expectedGoalAchieveDateTime,goalClassification:CWE,goalManagementDiscipline:CWE,currentGoalReviewStatus:CWE,
  currentGoalReviewDateTime,nextGoalReviewDateTime,previousGoalReviewDateTime,goalReviewInterval:TQ,goalEvaluation:CWE,
  goalEvaluationComment*,goalLifeCycleStatus:CWE,goalLifeCycleStatusDateTime,goalTargetType:CWE*,goalTargetName:XPN*,
  moodCode:CWE
GP1 typeOfBillCode,revenueCode*,overallClaimDispositionCode,oceEditsPerVisitCode*,outlierCost:CP
GP2 revenueCode,numberOfServiceUnits,charge:CP,reimbursementActionCode,denialOrRejectionCode,oceEditCode*,
  ambulatoryPaymentClassificationCode:CWE,modifierEditCode*,paymentAdjustmentCode,packagingStatusCode,
  expectedCmsPaymentAmount:CP,reimbursementTypeCode,coPayAmount:CP,payRatePerServiceUnit
GT1 setId,guarantorNumber:CX*,guarantorName:XPN*,guarantorSpouseName:XPN*,guarantorAddress:XAD*,guarantorPhNumHome:XTN*,
  guarantorPhNumBusiness:XTN*,guarantorDateTimeOfBirth,guarantorAdministrativeSex,guarantorType,guarantorRelationship:CWE,
  guarantorSsn,guarantorDateBegin,guarantorDateEnd,guarantorPriority,guarantorEmployerName:XPN*,guarantorEmployerAddress:XAD*,
  guarantorEmployerPhoneNumber:XTN*,guarantorEmployeeIdNumber:CX*,guarantorEmploymentStatus,guarantorOrganizationName:XON*,
  guarantorBillingHoldFlag,guarantorCreditRatingCode:CWE,guarantorDeathDateAndTime,guarantorDeathFlag,
  guarantorChargeAdjustmentCode:CWE,guarantorHouseholdAnnualIncome:CP,guarantorHouseholdSize,guarantorEmployerIdNumber:CX*,
  guarantorMaritalStatusCode:CWE,guarantorHireEffectiveDate,employmentStopDate,livingDependency,ambulatoryStatus*,
  citizenship:CWE*,primaryLanguage:CWE,livingArrangement,publicityCode:CWE,protectionIndicator,studentIndicator,religion:CWE,
  mothersMaidenName:XPN*,nationality:CWE,ethnicGroup:CWE*,contactPersonsName:XPN*,contactPersonsTelephoneNumber:XTN*,
  contactReason:CWE,contactRelationship,jobTitle,jobCodeClass:JCC,guarantorEmployersOrganizationName:XON*,handicap,jobStatus,
  guarantorFinancialClass:FC,guarantorRace:CWE*,guarantorBirthPlace,vipIndicator
IAM setId,allergenTypeCode:CWE,allergenCodeMnemonicDescription:CWE,allergySeverityCode:CWE,allergyReactionCode*,
  allergyActionCode:CWE,allergyUniqueIdentifier:EI,actionReason,sensitivityToCausativeAgentCode:CWE,
  allergenGroupCodeMnemonicDescription:CWE,onsetDate,onsetDateText,reportedDateTime,reportedBy:XPN,
  relationshipToPatientCode:CWE,alertDeviceCode:CWE,allergyClinicalStatusCode:CWE,statusedByPerson:XCN,
  statusedByOrganization:XON,statusedAtDateTime,inactivatedByPerson:XCN,inactivatedDateTime,initiallyRecordedByPerson:XCN,
  initiallyRecordedDateTime,modifiedByPerson:XCN,modifiedDateTime,clinicianIdentifiedCode:CWE,
  initiallyRecordedByOrganization:XON,modifiedByOrganization:XON,inactivatedByOrganization:XON
IAR allergyReactionCode:CWE,allergySeverityCode:CWE,sensitivityToCausativeAgentCode:CWE,management
IIM primaryKeyValue:CWE,serviceItemCode:CWE,inventoryLotNumber,inventoryExpirationDate,inventoryManufacturerName:CWE,
  inventoryLocation:CWE,inventoryReceivedDate,inventoryReceivedQuantity,inventoryReceivedQuantityUnit:CWE,
  inventoryReceivedItemCost:MO,inventoryOnHandDate,inventoryOnHandQuantity,inventoryOnHandQuantityUnit:CWE,procedureCode:CWE,
  procedureCodeModifier:CWE*
ILT setId,inventoryLotNumber,inventoryExpirationDate,inventoryReceivedDate,inventoryReceivedQuantity,
  inventoryReceivedQuantityUnit:CWE,inventoryReceivedItemCost:MO,inventoryOnHandDate,inventoryOnHandQuantity,
  inventoryOnHandQuantityUnit:CWE
IN1 setId,insurancePlanId:CWE,insuranceCompanyId:CX*,insuranceCompanyName:XON*,insuranceCompanyAddress:XAD*,
  insuranceCoContactPerson:XPN*,insuranceCoPhoneNumber:XTN*,groupNumber,groupName:XON*,insuredsGroupEmpId:CX*,
  insuredsGroupEmpName:XON*,planEffectiveDate,planExpirationDate,authorizationInformation:AUI,planType,nameOfInsured:XPN*,
  insuredsRelationshipToPatient:CWE,insuredsDateOfBirth,insuredsAddress:XAD*,assignmentOfBenefits,coordinationOfBenefits,
  coordOfBenPriority,noticeOfAdmissionFlag,noticeOfAdmissionDate,reportOfEligibilityFlag,reportOfEligibilityDate,
  releaseInformationCode,preAdmitCert,verificationDateTime,verificationBy:XCN*,typeOfAgreementCode,billingStatus,
  lifetimeReserveDays,delayBeforeLRDay,companyPlanCode,policyNumber,policyDeductible:CP,policyLimitAmount:CP,policyLimitDays,
  roomRateSemiPrivate:CP,roomRatePrivate:CP,insuredsEmploymentStatus:CWE,insuredsAdministrativeSex,
  insuredsEmployersAddress:XAD*,verificationStatus,priorInsurancePlanId,coverageType,handicap,insuredsIdNumber:CX*,
  signatureCode,signatureCodeDate,insuredSBirthPlace,vipIndicator,externalHealthPlanIdentifiers:CX*
IN2 insuredsEmployeeId:CX*,insuredsSocialSecurityNumber,insuredsEmployersNameAndId:XCN*,employerInformationData,
  mailClaimParty*,medicareHealthInsCardNumber,medicaidCaseName:XPN*,medicaidCaseNumber,militarySponsorName:XPN*,
  militaryIdNumber,dependentOfMilitaryRecipient:CWE,militaryOrganization,militaryStation,militaryService,militaryRankGrade,
  militaryStatus,militaryRetireDate,militaryNonAvailCertOnFile,babyCoverage,combineBabyBill,bloodDeductible,
  specialCoverageApprovalName:XPN*,specialCoverageApprovalTitle,nonCoveredInsuranceCode*,payorId:CX*,payorSubscriberId:CX*,
  eligibilitySource,roomCoverageTypeAmount:RMC*,policyTypeAmount:PTA*,dailyDeductible:DDI,livingDependency,ambulatoryStatus*,
  citizenship:CWE*,primaryLanguage:CWE,livingArrangement,publicityCode:CWE,protectionIndicator,studentIndicator,religion:CWE,
  mothersMaidenName:XPN*,nationality:CWE,ethnicGroup:CWE*,maritalStatus:CWE*,insuredsEmploymentStartDate,employmentStopDate,
  jobTitle,jobCodeClass:JCC,jobStatus,employerContactPersonName:XPN*,employerContactPersonPhoneNumber:XTN*,
  employerContactReason,insuredsContactPersonsName:XPN*,insuredsContactPersonPhoneNumber:XTN*,insuredsContactPersonReason*,
  relationshipToThePatientStartDate,relationshipToThePatientStopDate*,insuranceCoContactReason,
  insuranceCoContactPhoneNumber:XTN*,policyScope,policySource,patientMemberNumber:CX,guarantorsRelationshipToInsured:CWE,
  insuredsPhoneNumberHome:XTN*,insuredsEmployerPhoneNumber:XTN*,militaryHandicappedProgram:CWE,suspendFlag,copayLimitFlag,
  stoplossLimitFlag,insuredOrganizationNameAndId:XON*,insuredEmployerOrganizationNameAndId:XON*,race:CWE*,
  cmsPatientSRelationshipToInsured:CWE
IN3 setId,certificationNumber:CX,certifiedBy:XCN*,certificationRequired,penalty:MOP,certificationDateTime,
  certificationModifyDateTime,operator:XCN*,certificationBeginDate,certificationEndDate,days:DTN,nonConcurCodeDescription:CWE,
  nonConcurEffectiveDateTime,physicianReviewer:XCN*,certificationContact,certificationContactPhoneNumber:XTN*,
  appealReason:CWE,certificationAgency:CWE,certificationAgencyPhoneNumber:XTN*,preCertificationRequirement:ICD*,caseManager,
  secondOpinionDate,secondOpinionStatus,secondOpinionDocumentationReceived*,secondOpinionPhysician:XCN*
INV substanceIdentifier:CWE,substanceStatus:CWE*,substanceType:CWE,inventoryContainerIdentifier:CWE,
  containerCarrierIdentifier:CWE,positionOnCarrier:CWE,initialQuantity,currentQuantity,availableQuantity,consumptionQuantity,
  quantityUnits:CWE,expirationDateTime,firstUsedDateTime,onBoardStabilityDuration:TQ,testFluidIdentifier:CWE*,
  manufacturerLotNumber,manufacturerIdentifier:CWE,supplierIdentifier:CWE,onBoardStabilityTime:CQ,targetValue:CQ
IPC accessionIdentifier:EI,requestedProcedureId:EI,studyInstanceUid:EI,scheduledProcedureStepId:EI,modality:CWE,
  protocolCode:CWE*,scheduledStationName:EI,scheduledProcedureStepLocation:CWE*,scheduledAeTitle
IPR identifier:EI,providerCrossReferenceIdentifier:EI,payerCrossReferenceIdentifier:EI,status:CWE,dateTime,
  adjudicatedPaidAmount:CP,expectedPaymentDateTime,checksum
ISD referenceInteractionNumber,interactionTypeIdentifier:CWE,interactionActiveState:CWE
ITM itemIdentifier:EI,itemDescription,itemStatus:CWE,itemType:CWE,itemCategory:CWE,subjectToExpirationIndicator:CWE,
  manufacturerIdentifier:EI,manufacturerName,manufacturerCatalogNumber,manufacturerLabelerIdentificationCode:CWE,
  patientChargeableIndicator:CWE,transactionCode:CWE,transactionAmountUnit:CP,stockedItemIndicator:CWE,supplyRiskCodes:CWE,
  approvingRegulatoryAgency:XON*,latexIndicator:CWE,rulingAct:CWE*,itemNaturalAccountCode:CWE,approvedToBuyQuantity,
  approvedToBuyPrice:MO,taxableItemIndicator:CWE,freightChargeIndicator:CWE,itemSetIndicator:CWE,itemSetIdentifier:EI,
  trackDepartmentUsageIndicator:CWE,procedureCode:CWE,procedureCodeModifier:CWE*,specialHandlingCode:CWE
IVC providerInvoiceNumber:EI,payerInvoiceNumber:EI,contractAgreementNumber:EI,invoiceControl,invoiceReason,invoiceType,
  invoiceDateTime,invoiceAmount:CP,paymentTerms,providerOrganization:XON,payerOrganization:XON,attention:XCN,
  lastInvoiceIndicator,invoiceBookingPeriod,origin,invoiceFixedAmount:CP,specialCosts:CP,amountForDoctorsTreatment:CP,
  responsiblePhysician:XCN,costCenter:CX,invoicePrepaidAmount:CP,totalInvoiceAmountWithoutPrepaidAmount:CP,
  totalAmountOfVat:CP,vatRatesApplied*,benefitGroup,providerTaxId,payerTaxId,providerTaxStatus,payerTaxStatus,salesTaxId
IVT setId,inventoryLocationIdentifier:EI,inventoryLocationName,sourceLocationIdentifier:EI,sourceLocationName,itemStatus:CWE,
  binLocationIdentifier:EI*,orderPackaging:CWE,issuePackaging:CWE,defaultInventoryAssetAccount:EI,
  patientChargeableIndicator:CWE,transactionCode:CWE,transactionAmountUnit:CP,itemImportanceCode:CWE,stockedItemIndicator:CWE,
  consignmentItemIndicator:CWE,reusableItemIndicator:CWE,reusableCost:CP,substituteItemIdentifier:EI*,
  latexFreeSubstituteItemIdentifier:EI,recommendedReorderTheory:CWE,recommendedSafetyStockDays,
  recommendedMaximumDaysInventory,recommendedOrderPoint,recommendedOrderAmount,operatingRoomParLevelIndicator:CWE
LAN setId,languageCode:CWE,languageAbilityCode:CWE*,languageProficiencyCode:CWE
LCC primaryKeyValue:PL,locationDepartment:CWE,accommodationType:CWE*,chargeCode:CWE*
LCH primaryKeyValue:PL,segmentActionCode,segmentUniqueKey:EI,locationCharacteristicId:CWE,locationCharacteristicValue:CWE
LDP primaryKeyValue:PL,locationDepartment:CWE,locationService*,specialtyType:CWE*,validPatientClasses*,activeInactiveFlag,
  activationDate,inactivationDate,inactivatedReason,visitingHours:VH*,contactPhone:XTN,locationCostCenter:CWE
LOC primaryKeyValue:PL,locationDescription,locationType*,organizationName:XON*,locationAddress:XAD*,locationPhone:XTN*,
  licenseNumber:CWE*,locationEquipment*,locationServiceCode
LRL primaryKeyValue:PL,segmentActionCode,segmentUniqueKey:EI,locationRelationshipId:CWE,
  organizationalLocationRelationshipValue:XON*,patientLocationRelationshipValue:PL
MFA recordLevelEventCode,mfnControlId,eventCompletionDateTime,mfnRecordLevelErrorReturn:CWE,primaryKeyValue:varies*,
  primaryKeyValueType*
MFE recordLevelEventCode,mfnControlId,effectiveDateTime,primaryKeyValue:varies*,primaryKeyValueType*,enteredDateTime,
  enteredBy:XCN
MFI masterFileIdentifier:CWE,masterFileApplicationIdentifier:HD*,fileLevelEventCode,enteredDateTime,effectiveDateTime,
  responseLevelCode
`;
