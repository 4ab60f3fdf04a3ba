// The fields of HL7 segments MRG to VTQ, by position; written as in segments-a-to-m.ts.

export const segmentsMToZ = `
MRG priorPatientIdentifierList:CX*,priorAlternatePatientId:CX*,priorPatientAccountNumber:CX,priorPatientId:CX,
  priorVisitNumber:CX,priorAlternateVisitId:CX,priorPatientName:XPN*
MSA acknowledgmentCode,messageControlId,textMessage,expectedSequenceNumber,delayedAcknowledgmentType,errorCondition:CWE,
  messageWaitingNumber,messageWaitingPriority
MSH fieldSeparator,encodingCharacters,sendingApplication:HD,sendingFacility:HD,receivingApplication:HD,receivingFacility:HD,
  dateTimeOfMessage,security,messageType:MSG,messageControlId,processingId:PT,versionId:VID,sequenceNumber,
  continuationPointer,acceptAcknowledgmentType,applicationAcknowledgmentType,countryCode,characterSet*,
  principalLanguageOfMessage:CWE,alternateCharacterSetHandlingScheme,messageProfileIdentifier:EI*,
  sendingResponsibleOrganization:XON,receivingResponsibleOrganization:XON,sendingNetworkAddress:HD,receivingNetworkAddress:HD
NCK systemDateTime
NDS notificationReferenceNumber,notificationDateTime,notificationAlertSeverity:CWE,notificationCode:CWE
NK1 setId,nkName:XPN*,relationship:CWE,address:XAD*,phoneNumber:XTN*,businessPhoneNumber:XTN*,contactRole:CWE,startDate,
  endDate,nextOfKinAssociatedPartiesJobTitle,nextOfKinAssociatedPartiesJobCodeClass:JCC,
  nextOfKinAssociatedPartiesEmployeeNumber:CX,organizationName:XON*,maritalStatus:CWE,administrativeSex,dateTimeOfBirth,
  livingDependency*,ambulatoryStatus*,citizenship:CWE*,primaryLanguage:CWE,livingArrangement,publicityCode:CWE,
  protectionIndicator,studentIndicator,religion:CWE,mothersMaidenName:XPN*,nationality:CWE,ethnicGroup:CWE*,
  contactReason:CWE*,contactPersonsName:XPN*,contactPersonsTelephoneNumber:XTN*,contactPersonsAddress:XAD*,
  nextOfKinAssociatedPartysIdentifiers:CX*,jobStatus,race:CWE*,handicap,contactPersonSocialSecurityNumber,nextOfKinBirthPlace,
  vipIndicator,nextOfKinTelecommunicationInformation:XTN,contactPersonsTelecommunicationInformation:XTN
NPU bedLocation:PL,bedStatus
NSC applicationChangeType,currentCpu,currentFileserver,currentApplication:HD,currentFacility:HD,newCpu,newFileserver,
  newApplication:HD,newFacility:HD
NST statisticsAvailable,sourceIdentifier,sourceType,statisticsStart,statisticsEnd,receiveCharacterCount,sendCharacterCount,
  messagesReceived,messagesSent,checksumErrorsReceived,lengthErrorsReceived,otherErrorsReceived,connectTimeouts,
  receiveTimeouts,applicationControlLevelErrors
NTE setId,sourceOfComment,comment*,commentType:CWE,enteredBy:XCN,enteredDateTime,effectiveStartDate,expirationDate
OBR setId,placerOrderNumber:EI,fillerOrderNumber:EI,universalServiceIdentifier:CWE,priority,requestedDateTime,
  observationDateTime,observationEndDateTime,collectionVolume:CQ,collectorIdentifier:XCN*,specimenActionCode,dangerCode:CWE,
  relevantClinicalInformation*,specimenReceivedDateTime,specimenSource:SPS,orderingProvider:XCN*,
  orderCallbackPhoneNumber:XTN*,placerField1,placerField2,fillerField1,fillerField2,resultsRptStatusChngDateTime,
  chargeToPractice:MOC,diagnosticServSectId,resultStatus,parentResult:PRL,quantityTiming:TQ*,resultCopiesTo:XCN*,
  parentNumber:EIP,transportationMode,reasonForStudy:CWE*,principalResultInterpreter:NDL,assistantResultInterpreter:NDL*,
  technician:NDL*,transcriptionist:NDL*,scheduledDateTime,numberOfSampleContainers,transportLogisticsOfCollectedSample:CWE*,
  collectorsComment:CWE*,transportArrangementResponsibility:CWE,transportArranged,escortRequired,
  plannedPatientTransportComment:CWE*,procedureCode:CWE,procedureCodeModifier:CWE*,placerSupplementalServiceInformation:CWE*,
  fillerSupplementalServiceInformation:CWE*,medicallyNecessaryDuplicateProcedureReason:CWE,resultHandling,
  parentUniversalServiceIdentifier:CWE,observationGroupId:EI,parentObservationGroupId:EI,alternatePlacerOrderNumber:CX*,
  parentOrder:EIP
OBX setId,valueType,observationIdentifier:CWE,observationSubId,observationValue:varies*,units:CWE,referencesRange,
  abnormalFlags*,probability,natureOfAbnormalTest*,observationResultStatus,effectiveDateOfReferenceRange,
  userDefinedAccessChecks,dateTimeOfTheObservation,producersId:CWE,responsibleObserver:XCN*,observationMethod:CWE*,
  equipmentInstanceIdentifier:EI*,dateTimeOfTheAnalysis,observationSite:CWE*,observationInstanceIdentifier:EI,moodCode:CWE,
  performingOrganizationName:XON,performingOrganizationAddress:XAD,performingOrganizationMedicalDirector:XCN,
  patientResultsReleaseCategory
ODS type,servicePeriod:CWE*,dietSupplementOrPreferenceCode:CWE*,textInstruction*
ODT trayType:CWE,servicePeriod:CWE*,textInstruction
OM1 sequenceNumberTestObservationMasterFile,producersServiceTestObservationId:CWE,permittedDataTypes*,specimenRequired,
  producerId:CWE,observationDescription,otherServiceTestObservationIdsForTheObservation:CWE,otherNames*,
  preferredReportNameForTheObservation,preferredShortNameOrMnemonicForObservation,preferredLongNameForTheObservation,
  orderability,identityOfInstrumentUsedToPerformThisStudy:CWE*,codedRepresentationOfMethod:CWE*,portableDeviceIndicator,
  observationProducingDepartmentSection:CWE*,telephoneNumberOfSection:XTN,natureOfServiceTestObservation,reportSubheader:CWE,
  reportDisplayOrder,dateTimeStampForAnyChangeInDefinitionForTheObservation,effectiveDateTimeOfChange,typicalTurnAroundTime,
  processingTime,processingPriority*,reportingPriority,outsideSite:CWE*,addressOfOutsideSite:XAD*,
  phoneNumberOfOutsideSite:XTN,confidentialityCode:CWE,observationsRequiredToInterpretTheObservation:CWE,
  interpretationOfObservations,contraindicationsToObservations:CWE,reflexTestsObservations:CWE*,rulesThatTriggerReflexTesting,
  fixedCannedMessage:CWE,patientPreparation,procedureMedication:CWE,factorsThatMayAffectTheObservation,
  serviceTestObservationPerformanceSchedule*,descriptionOfTestMethods,kindOfQuantityObserved:CWE,pointVersusInterval:CWE,
  challengeInformation,relationshipModifier:CWE,targetAnatomicSiteOfTest:CWE,modalityOfImagingMeasurement:CWE
OM2 sequenceNumberTestObservationMasterFile,unitsOfMeasure:CWE,rangeOfDecimalPrecision*,correspondingSiUnitsOfMeasure:CWE,
  siConversionFactor,reference:RFR*,criticalRangeForOrdinalAndContinuousObservations:RFR*,
  absoluteRangeForOrdinalAndContinuousObservations:RFR,deltaCheckCriteria:DLT*,minimumMeaningfulIncrements,
  minimumMeaningfulIncrements11
OM3 sequenceNumberTestObservationMasterFile,preferredCodingSystem:CWE,validCodedAnswers:CWE*,
  normalTextCodesForCategoricalObservations:CWE*,abnormalTextCodesForCategoricalObservations:CWE*,
  criticalTextCodesForCategoricalObservations:CWE*,valueType,dataType
OM4 sequenceNumberTestObservationMasterFile,derivedSpecimen,containerDescription,containerVolume,containerUnits:CWE,
  specimen:CWE,additive:CWE,preparation,specialHandlingRequirements,normalCollectionVolume:CQ,minimumCollectionVolume:CQ,
  specimenRequirements,specimenPriorities*,specimenRetentionTime:CQ,specimenRetentionTime15:CQ
OM5 sequenceNumberTestObservationMasterFile,testObservationsIncludedWithinAnOrderedTestBattery:CWE*,observationIdSuffixes,
  observationIdSuffixes4
OM6 sequenceNumberTestObservationMasterFile,derivationRule,derivationRule3
OM7 sequenceNumberTestObservationMasterFile,universalServiceIdentifier:CWE,categoryIdentifier:CWE*,categoryDescription,
  categorySynonym*,effectiveTestServiceStartDateTime,effectiveTestServiceEndDateTime,testServiceDefaultDurationQuantity,
  testServiceDefaultDurationUnits:CWE,testServiceDefaultFrequency,consentIndicator,consentIdentifier:CWE,
  consentEffectiveStartDateTime,consentEffectiveEndDateTime,consentIntervalQuantity,consentIntervalUnits:CWE,
  consentWaitingPeriodQuantity,consentWaitingPeriodUnits:CWE,effectiveDateTimeOfChange,enteredBy:XCN,orderableAtLocation:PL*,
  formularyStatus,specialOrderIndicator,primaryKeyValueCdm:CWE*
ORC orderControl,placerOrderNumber:EI,fillerOrderNumber:EI,placerGroupNumber:EI,orderStatus,responseFlag,quantityTiming:TQ*,
  parentOrder:EIP,dateTimeOfTransaction,enteredBy:XCN*,verifiedBy:XCN*,orderingProvider:XCN*,enterersLocation:PL,
  callBackPhoneNumber:XTN*,orderEffectiveDateTime,orderControlCodeReason:CWE,enteringOrganization:CWE,enteringDevice:CWE,
  actionBy:XCN*,advancedBeneficiaryNoticeCode:CWE,orderingFacilityName:XON*,orderingFacilityAddress:XAD*,
  orderingFacilityPhoneNumber:XTN*,orderingProviderAddress:XAD*,orderStatusModifier:CWE,
  advancedBeneficiaryNoticeOverrideReason:CWE,fillersExpectedAvailabilityDateTime,confidentialityCode:CWE,orderType:CWE,
  entererAuthorizationMode:CWE,parentUniversalServiceIdentifier:CWE,advancedBeneficiaryNoticeDate,
  alternatePlacerOrderNumber:CX*
ORG setId,organizationUnitCode:CWE,organizationUnitTypeCode:CWE,primaryOrgUnitIndicator,practitionerOrgUnitIdentifier:CX,
  healthCareProviderTypeCode:CWE,healthCareProviderClassificationCode:CWE,healthCareProviderAreaOfSpecializationCode:CWE,
  effectiveDateRange:DR,employmentStatusCode:CWE,boardApprovalIndicator,primaryCarePhysicianIndicator,costCenterCode:CWE*
ORO orderItemId:CWE,substituteAllowed,resultsCopiesTo:CNN*,stockLocation
OVR businessRuleOverrideType:CWE,businessRuleOverrideCode:CWE,overrideComments,overrideEnteredBy:XCN,overrideAuthorizedBy:XCN
PAC setId,packageId:EI,parentPackageId:EI,positionInParentPackage:NA,packageType:CWE,packageCondition:CWE*,
  packageHandlingCode:CWE*,packageRiskCode:CWE*
PCE setId,costCenterAccountNumber,transactionCode:CWE,transactionAmountUnit:CP
PCR implicatedProduct:CWE,genericProduct,productClass:CWE,totalDurationOfTherapy:CQ,productManufactureDate,
  productExpirationDate,productImplantationDate,productExplantationDate,singleUseDevice,indicationForProductUse:CWE,
  productProblem,productSerialLotNumber*,productAvailableForInspection,productEvaluationPerformed:CWE,
  productEvaluationStatus:CWE,productEvaluationResults:CWE,evaluatedProductSource,dateProductReturnedToManufacturer,
  deviceOperatorQualifications,relatednessAssessment,actionTakenInResponseToTheEvent*,eventCausalityObservations*,
  indirectExposureMechanism*
PD1 livingDependency*,livingArrangement,patientPrimaryFacility:XON*,patientPrimaryCareProviderNameAndIdNo:XCN*,
  studentIndicator,handicap,livingWillCode,organDonorCode,separateBill,duplicatePatient:CX*,publicityCode:CWE,
  protectionIndicator,protectionIndicatorEffectiveDate,placeOfWorship:XON*,advanceDirectiveCode:CWE*,
  immunizationRegistryStatus,immunizationRegistryStatusEffectiveDate,publicityCodeEffectiveDate,militaryBranch,
  militaryRankGrade,militaryStatus,advanceDirectiveLastVerifiedDate
PDA deathCauseCode:CWE*,deathLocation:PL,deathCertifiedIndicator,deathCertificateSignedDateTime,deathCertifiedBy:XCN,
  autopsyIndicator,autopsyStartAndEndDateTime:DR,autopsyPerformedBy:XCN,coronerIndicator
PDC manufacturerDistributor:XON*,country:CWE,brandName,deviceFamilyName,genericName:CWE,modelIdentifier*,catalogueIdentifier,
  otherIdentifier*,productCode:CWE,marketingBasis,marketingApprovalId,labeledShelfLife:CQ,expectedShelfLife:CQ,
  dateFirstMarketed,dateLastMarketed
PEO eventIdentifiersUsed:CWE*,eventSymptomDiagnosisCode:CWE*,eventOnsetDateTime,eventExacerbationDateTime,
  eventImprovedDateTime,eventEndedDataTime,eventLocationOccurredAddress:XAD*,eventQualification*,eventSerious,eventExpected,
  eventOutcome*,patientOutcome,eventDescriptionFromOthers*,eventFromOriginalReporter*,eventDescriptionFromPatient*,
  eventDescriptionFromPractitioner*,eventDescriptionFromAutopsy*,causeOfDeath:CWE*,primaryObserverName:XPN*,
  primaryObserverAddress:XAD*,primaryObserverTelephone:XTN*,primaryObserversQualification,confirmationProvidedBy,
  primaryObserverAwareDateTime,primaryObserversIdentityMayBeDivulged
PES senderOrganizationName:XON*,senderIndividualName:XCN*,senderAddress:XAD*,senderTelephone:XTN*,senderEventIdentifier:EI,
  senderSequenceNumber,senderEventDescription*,senderComment,senderAwareDateTime,eventReportDate,eventReportTimingType*,
  eventReportSource,eventReportedTo*
PID setId,patientId:CX,patientIdentifierList:CX*,alternatePatientId:CX*,patientName:XPN*,mothersMaidenName:XPN*,
  dateTimeOfBirth,administrativeSex,patientAlias:XPN*,race:CWE*,patientAddress:XAD*,countyCode,phoneNumberHome:XTN*,
  phoneNumberBusiness:XTN*,primaryLanguage:CWE,maritalStatus:CWE,religion:CWE,patientAccountNumber:CX,ssnNumberPatient,
  driversLicenseNumberPatient:DLN,mothersIdentifier:CX*,ethnicGroup:CWE*,birthPlace,multipleBirthIndicator,birthOrder,
  citizenship:CWE*,veteransMilitaryStatus:CWE,nationality:CWE,patientDeathDateAndTime,patientDeathIndicator,
  identityUnknownIndicator,identityReliabilityCode*,lastUpdateDateTime,lastUpdateFacility:HD,speciesCode:CWE,breedCode:CWE,
  strain,productionClassCode:CWE*,tribalCitizenship:CWE*,patientTelecommunicationInformation:XTN*
PKG setId,packagingUnits:CWE,defaultOrderUnitOfMeasureIndicator:CWE,packageQuantity,price:CP,futureItemPrice:CP,
  futureItemPriceEffectiveDate
PMT paymentRemittanceAdviceNumber:EI,paymentRemittanceEffectiveDateTime,paymentRemittanceExpirationDateTime,paymentMethod:CWE,
  paymentRemittanceDateTime,paymentRemittanceAmount:CP,checkNumber:EI,payeeBankIdentification:XON,payeeTransitNumber,
  payeeBankAccountId:CX,paymentOrganization:XON,esrCodeLine
PR1 setId,procedureCodingMethod,procedureCode:CWE,procedureDescription,procedureDateTime,procedureFunctionalType,
  procedureMinutes,anesthesiologist:XCN*,anesthesiaCode,anesthesiaMinutes,surgeon:XCN*,procedurePractitioner:XCN*,
  consentCode:CWE,procedurePriority,associatedDiagnosisCode:CWE,procedureCodeModifier:CWE*,procedureDrgType,
  tissueTypeCode:CWE*,procedureIdentifier:EI,procedureActionCode,drgProcedureDeterminationStatus,drgProcedureRelevance,
  treatingOrganizationalUnit:PL*,respiratoryWithinSurgery,parentProcedureId:EI
PRA primaryKeyValue:CWE,practitionerGroup:CWE*,practitionerCategory*,providerBilling,specialty:SPD*,
  practitionerIdNumbers:PLN*,privileges:PIP*,dateEnteredPractice,institution:CWE,dateLeftPractice,
  governmentReimbursementBillingEligibility:CWE*,setId
PRB actionCode,actionDateTime,problemId:CWE,problemInstanceId:EI,episodeOfCareId:EI,problemListPriority,
  problemEstablishedDateTime,anticipatedProblemResolutionDateTime,actualProblemResolutionDateTime,problemClassification:CWE,
  problemManagementDiscipline:CWE*,problemPersistence:CWE,problemConfirmationStatus:CWE,problemLifeCycleStatus:CWE,
  problemLifeCycleStatusDateTime,problemDateOfOnset,problemOnsetText,problemRanking:CWE,certaintyOfProblem:CWE,
  probabilityOfProblem,individualAwarenessOfProblem:CWE,problemPrognosis:CWE,individualAwarenessOfPrognosis:CWE,
  familySignificantOtherAwarenessOfProblemPrognosis,securitySensitivity:CWE,problemSeverity:CWE,problemPerspective:CWE,
  moodCode:CWE
PRC primaryKeyValue:CWE,facilityId:CWE*,department:CWE*,validPatientClasses*,price:CP*,formula*,minimumQuantity,
  maximumQuantity,minimumPrice:MO,maximumPrice:MO,effectiveStartDate,effectiveEndDate,priceOverrideFlag,billingCategory:CWE*,
  chargeableFlag,activeInactiveFlag,cost:MO,chargeOnIndicator
PRD providerRole:CWE*,providerName:XPN*,providerAddress:XAD*,providerLocation:PL,providerCommunicationInformation:XTN*,
  preferredMethodOfContact:CWE,providerIdentifiers:PLN*,effectiveStartDateOfProviderRole,effectiveEndDateOfProviderRole*,
  providerOrganizationNameAndIdentifier:XON,providerOrganizationAddress:XAD*,providerOrganizationLocationInformation:PL*,
  providerOrganizationCommunicationInformation:XTN*,providerOrganizationMethodOfContact:CWE
PRT participationInstanceId:EI,actionCode,actionReason:CWE,participation:CWE,participationPerson:XCN*,
  participationPersonProviderType:CWE,participantOrganizationUnitType:CWE,participationOrganization:XON*,
  participantLocation:PL*,participationDevice:EI*,participationBeginDateTime,participationEndDateTime,
  participationQualitativeDuration:CWE,participationAddress:XAD*,participantTelecommunicationAddress:XTN*
PSG providerProductServiceGroupNumber:EI,payerProductServiceGroupNumber:EI,productServiceGroupSequenceNumber,
  adjudicateAsGroup,productServiceGroupBilledAmount:CP,productServiceGroupDescription
PSH reportType,reportFormIdentifier,reportDate,reportIntervalStartDate,reportIntervalEndDate,quantityManufactured:CQ,
  quantityDistributed:CQ,quantityDistributedMethod,quantityDistributedComment,quantityInUse:CQ,quantityInUseMethod,
  quantityInUseComment,numberOfProductExperienceReportsFiledByFacility*,numberOfProductExperienceReportsFiledByDistributor*
PSL providerProductServiceLineItemNumber:EI,payerProductServiceLineItemNumber:EI,productServiceLineItemSequenceNumber,
  providerTrackingId:EI,payerTrackingId:EI,productServiceLineItemStatus:CWE,productServiceCode:CWE,
  productServiceCodeModifier:CWE*,productServiceCodeDescription,productServiceEffectiveDate,productServiceExpirationDate,
  productServiceQuantity:CQ,productServiceUnitCost:CP,numberOfItemsPerUnit,productServiceGrossAmount:CP,
  productServiceBilledAmount:CP,productServiceClarificationCodeType*,productServiceClarificationCodeValue*,
  healthDocumentReferenceIdentifier:EI*,processingConsiderationCode*,restrictedDisclosureIndicator,
  relatedProductServiceCodeIndicator:CWE,productServiceAmountForPhysician:CP,productServiceCostFactor,costCenter:CX,
  billingPeriod:DR,daysWithoutBilling,sessionNo,executingPhysicianId:XCN,responsiblePhysicianId:XCN,
  roleExecutingPhysician:CWE,medicalRoleExecutingPhysician:CWE,sideOfBody:CWE,numberOfTpsPp,tpValuePp:CP,
  internalScalingFactorPp,externalScalingFactorPp,amountPp:CP,numberOfTpsTechnicalPart,tpValueTechnicalPart:CP,
  internalScalingFactorTechnicalPart,externalScalingFactorTechnicalPart,amountTechnicalPart:CP,
  totalAmountProfessionalPartTechnicalPart:CP,vatRate,mainService,validation,comment
PSS providerProductServiceSectionNumber:EI,payerProductServiceSectionNumber:EI,productServiceSectionSequenceNumber,
  billedAmount:CP,sectionDescriptionOrHeading
PTH actionCode,pathwayId:CWE,pathwayInstanceId:EI,pathwayEstablishedDateTime,pathwayLifeCycleStatus:CWE,
  changePathwayLifeCycleStatusDateTime,moodCode:CWE
PV1 setId,patientClass,assignedPatientLocation:PL,admissionType,preadmitNumber:CX,priorPatientLocation:PL,
  attendingDoctor:XCN*,referringDoctor:XCN*,consultingDoctor:XCN*,hospitalService,temporaryLocation:PL,preadmitTestIndicator,
  reAdmissionIndicator,admitSource,ambulatoryStatus*,vipIndicator,admittingDoctor:XCN*,patientType,visitNumber:CX,
  financialClass:FC*,chargePriceIndicator,courtesyCode,creditRating,contractCode*,contractEffectiveDate*,contractAmount*,
  contractPeriod*,interestCode,transferToBadDebtCode,transferToBadDebtDate,badDebtAgencyCode,badDebtTransferAmount,
  badDebtRecoveryAmount,deleteAccountIndicator,deleteAccountDate,dischargeDisposition,dischargedToLocation:DLD,dietType:CWE,
  servicingFacility,bedStatus,accountStatus,pendingLocation:PL,priorTemporaryLocation:PL,admitDateTime,dischargeDateTime*,
  currentPatientBalance,totalCharges,totalAdjustments,totalPayments,alternateVisitId:CX,visitIndicator,
  otherHealthcareProvider:XCN*,serviceEpisodeDescription,serviceEpisodeIdentifier:CX
PV2 priorPendingLocation:PL,accommodationCode:CWE,admitReason:CWE,transferReason:CWE,patientValuables*,
  patientValuablesLocation,visitUserCode*,expectedAdmitDateTime,expectedDischargeDateTime,estimatedLengthOfInpatientStay,
  actualLengthOfInpatientStay,visitDescription,referralSourceCode:XCN*,previousServiceDate,employmentIllnessRelatedIndicator,
  purgeStatusCode,purgeStatusDate,specialProgramCode,retentionIndicator,expectedNumberOfInsurancePlans,visitPublicityCode,
  visitProtectionIndicator,clinicOrganizationName:XON*,patientStatusCode,visitPriorityCode,previousTreatmentDate,
  expectedDischargeDisposition,signatureOnFileDate,firstSimilarIllnessDate,patientChargeAdjustmentCode:CWE,
  recurringServiceCode,billingMediaCode,expectedSurgeryDateAndTime,militaryPartnershipCode,militaryNonAvailabilityCode,
  newbornBabyIndicator,babyDetainedIndicator,modeOfArrivalCode:CWE,recreationalDrugUseCode:CWE*,admissionLevelOfCareCode:CWE,
  precautionCode:CWE*,patientConditionCode:CWE,livingWillCode,organDonorCode,advanceDirectiveCode:CWE*,
  patientStatusEffectiveDate,expectedLoaReturnDateTime,expectedPreAdmissionTestingDateTime,notifyClergyCode*,
  advanceDirectiveLastVerifiedDate
PYE setId,payeeType,payeeRelationshipToInvoice,payeeIdentificationList:XON*,payeePersonName:XPN*,payeeAddress:XAD*,
  paymentMethod
QAK queryTag,queryResponseStatus,messageQueryName:CWE,hitCount,thisPayload,hitsRemaining
QCK contents
QID queryTag,messageQueryName:CWE
QPD messageQueryName:CWE,queryTag,userParameters:varies
QRD queryDateTime,queryFormatCode,queryPriority,queryId,deferredResponseType,deferredResponseDateTime,
  quantityLimitedRequest:CQ,whoSubjectFilter:XCN*,whatSubjectFilter:CWE*,whatDepartmentDataCode:CWE*,
  whatDataCodeValueQual:VR*,queryResultsLevel
QRF whereSubjectFilter*,whenDataStartDateTime,whenDataEndDateTime,whatUserQualifier*,otherQrySubjectFilter*,
  whichDateTimeQualifier*,whichDateTimeStatusQualifier*,dateTimeSelectionQualifier*,whenQuantityTimingQualifier:TQ,
  searchConfidenceThreshold
QRI candidateConfidence,matchReasonCode*,algorithmDescriptor:CWE
RCP queryPriority,quantityLimitedRequest:CQ,responseModality:CWE,executionAndDeliveryTime,modifyIndicator,sortByField:SRT*,
  segmentGroupInclusion*
RDF numberOfColumnsPerRow,columnDescription:RCD*
RDT columnValue:varies
REL setId,relationshipType:CWE,thisRelationshipInstanceIdentifier:EI,sourceInformationInstanceIdentifier:EI,
  targetInformationInstanceIdentifier:EI,assertingEntityInstanceId:EI,assertingPerson:XCN,assertingOrganization:XON,
  assertorAddress:XAD,assertorContact:XTN,assertionDateRange:DR,negationIndicator,certaintyOfRelationship:CWE,priorityNo,
  prioritySequenceNo,separabilityIndicator
RF1 referralStatus:CWE,referralPriority:CWE,referralType:CWE,referralDisposition:CWE*,referralCategory:CWE,
  originatingReferralIdentifier:EI,effectiveDate,expirationDate,processDate,referralReason:CWE*,
  externalReferralIdentifier:EI*,referralDocumentationCompletionStatus:CWE
RFI requestDate,responseDueDate,patientConsent,dateAdditionalInformationWasSubmitted
RGS setId,segmentActionCode,resourceGroupId:CWE
RMI riskManagementIncidentCode:CWE,dateTimeIncident,incidentTypeCode:CWE
ROL roleInstanceId:EI,actionCode,role:CWE,rolePerson:XCN*,roleBeginDateTime,roleEndDateTime,roleDuration:CWE,
  roleActionReason:CWE,providerType:CWE*,organizationUnitType:CWE,officeHomeAddressBirthplace:XAD*,phone:XTN*,
  personsLocation:PL,organization:XON
RQ1 anticipatedPrice,manufacturerIdentifier:CWE,manufacturersCatalog,vendorId:CWE,vendorCatalog,taxable,substituteAllowed
RQD requisitionLineNumber,itemCodeInternal:CWE,itemCodeExternal:CWE,hospitalItemCode:CWE,requisitionQuantity,
  requisitionUnitOfMeasure:CWE,deptCostCenter,itemNaturalAccountCode,deliverToId:CWE,dateNeeded
RX1 unused,unused2,route,siteAdministered,ivSolutionRate:CQ,drugStrength:CQ,finalConcentration,finalVolumeInMl,drugDose,
  drugRole,prescriptionSequence,quantityDispensed:CQ,unused13,drugId:CWE,componentDrugIds*,prescriptionType,
  substitutionStatus,rxOrderStatus,numberOfRefills,unused20,refillsRemaining,deaClass,orderingMdsDeaNumber,unused24,
  lastRefillDateTime,rxNumber,prnStatus,pharmacyInstructions*,patientInstructions*,instructions*
RXA giveSubIdCounter,administrationSubIdCounter,dateTimeStartOfAdministration,dateTimeEndOfAdministration,
  administeredCode:CWE,administeredAmount,administeredUnits:CWE,administeredDosageForm:CWE,administrationNotes:CWE*,
  administeringProvider:XCN*,administeredAtLocation:LA2,administeredPer,administeredStrength,administeredStrengthUnits:CWE,
  substanceLotNumber*,substanceExpirationDate*,substanceManufacturerName:CWE*,substanceTreatmentRefusalReason:CWE*,
  indication:CWE*,completionStatus,actionCode,systemEntryDateTime,administeredDrugStrengthVolume,
  administeredDrugStrengthVolumeUnits:CWE,administeredBarcodeIdentifier:CWE,pharmacyOrderType,administerAt:PL,
  administeredAtAddress:XAD
RXC rxComponentType,componentCode:CWE,componentAmount,componentUnits:CWE,componentStrength,componentStrengthUnits:CWE,
  supplementaryCode:CWE*,componentDrugStrengthVolume,componentDrugStrengthVolumeUnits:CWE
RXD dispenseSubIdCounter,dispenseGiveCode:CWE,dateTimeDispensed,actualDispenseAmount,actualDispenseUnits:CWE,
  actualDosageForm:CWE,prescriptionNumber,numberOfRefillsRemaining,dispenseNotes*,dispensingProvider:XCN*,substitutionStatus,
  totalDailyDose:CQ,dispenseToLocation:LA2,needsHumanReview,pharmacyTreatmentSuppliersSpecialDispensingInstructions:CWE*,
  actualStrength,actualStrengthUnit:CWE,substanceLotNumber*,substanceExpirationDate*,substanceManufacturerName:CWE*,
  indication:CWE*,dispensePackageSize,dispensePackageSizeUnit:CWE,dispensePackageMethod,supplementaryCode:CWE*,
  initiatingLocation:CWE,packagingAssemblyLocation:CWE,actualDrugStrengthVolume,actualDrugStrengthVolumeUnits:CWE,
  dispenseToPharmacy:CWE,dispenseToPharmacyAddress:XAD,pharmacyOrderType,dispenseType:CWE,pharmacyPhoneNumber:XTN*
RXE quantityTiming:TQ,giveCode:CWE,giveAmountMinimum,giveAmountMaximum,giveUnits:CWE,giveDosageForm:CWE,
  providersAdministrationInstructions:CWE*,deliverToLocation:LA1,substitutionStatus,dispenseAmount,dispenseUnits:CWE,
  numberOfRefills,orderingProvidersDeaNumber:XCN*,pharmacistTreatmentSuppliersVerifierId:XCN*,prescriptionNumber,
  numberOfRefillsRemaining,numberOfRefillsDosesDispensed,dTOfMostRecentRefillOrDoseDispensed,totalDailyDose:CQ,
  needsHumanReview,pharmacyTreatmentSuppliersSpecialDispensingInstructions:CWE*,givePer,giveRateAmount,giveRateUnits:CWE,
  giveStrength,giveStrengthUnits:CWE,giveIndication:CWE*,dispensePackageSize,dispensePackageSizeUnit:CWE,
  dispensePackageMethod,supplementaryCode:CWE*,originalOrderDateTime,giveDrugStrengthVolume,giveDrugStrengthVolumeUnits:CWE,
  controlledSubstanceSchedule:CWE,formularyStatus,pharmaceuticalSubstanceAlternative:CWE*,pharmacyOfMostRecentFill:CWE,
  initialDispenseAmount,dispensingPharmacy:CWE,dispensingPharmacyAddress:XAD,deliverToPatientLocation:PL,deliverToAddress:XAD,
  pharmacyOrderType,pharmacyPhoneNumber:XTN*
RXG giveSubIdCounter,dispenseSubIdCounter,quantityTiming:TQ,giveCode:CWE,giveAmountMinimum,giveAmountMaximum,giveUnits:CWE,
  giveDosageForm:CWE,administrationNotes:CWE*,substitutionStatus,dispenseToLocation:LA2,needsHumanReview,
  pharmacyTreatmentSuppliersSpecialAdministrationInstructions:CWE*,givePer,giveRateAmount,giveRateUnits:CWE,giveStrength,
  giveStrengthUnits:CWE,substanceLotNumber*,substanceExpirationDate*,substanceManufacturerName:CWE*,indication:CWE*,
  giveDrugStrengthVolume,giveDrugStrengthVolumeUnits:CWE,giveBarcodeIdentifier:CWE,pharmacyOrderType,dispenseToPharmacy:CWE,
  dispenseToPharmacyAddress:XAD,deliverToPatientLocation:PL,deliverToAddress:XAD
RXO requestedGiveCode:CWE,requestedGiveAmountMinimum,requestedGiveAmountMaximum,requestedGiveUnits:CWE,
  requestedDosageForm:CWE,providersPharmacyTreatmentInstructions:CWE*,providersAdministrationInstructions:CWE*,
  deliverToLocation:LA1,allowSubstitutions,requestedDispenseCode:CWE,requestedDispenseAmount,requestedDispenseUnits:CWE,
  numberOfRefills,orderingProvidersDeaNumber:XCN*,pharmacistTreatmentSuppliersVerifierId:XCN*,needsHumanReview,
  requestedGivePer,requestedGiveStrength,requestedGiveStrengthUnits:CWE,indication:CWE*,requestedGiveRateAmount,
  requestedGiveRateUnits:CWE,totalDailyDose:CQ,supplementaryCode:CWE*,requestedDrugStrengthVolume,
  requestedDrugStrengthVolumeUnits:CWE,pharmacyOrderType,dispensingInterval,medicationInstanceIdentifier:EI,
  segmentInstanceIdentifier:EI,moodCode:CWE,dispensingPharmacy:CWE,dispensingPharmacyAddress:XAD,deliverToPatientLocation:PL,
  deliverToAddress:XAD,pharmacyPhoneNumber:XTN*
RXR route:CWE,administrationSite:CWE,administrationDevice:CWE,administrationMethod:CWE,routingInstruction:CWE,
  administrationSiteModifier:CWE
SAC externalAccessionIdentifier:EI,accessionIdentifier:EI,containerIdentifier:EI,primary:EI,equipmentContainerIdentifier:EI,
  specimenSource:SPS,registrationDateTime,containerStatus:CWE,carrierType:CWE,carrierIdentifier:EI,positionInCarrier:NA,
  trayType:CWE,trayIdentifier:EI,positionInTray:NA,location:CWE*,containerHeight,containerDiameter,barrierDelta,bottomDelta,
  containerHeightDiameterDeltaUnits:CWE,containerVolume,availableSpecimenVolume,initialSpecimenVolume,volumeUnits:CWE,
  separatorType:CWE,capType:CWE,additive:CWE*,specimenComponent:CWE,dilutionFactor:SN,treatment:CWE,temperature:SN,
  hemolysisIndex,hemolysisIndexUnits:CWE,lipemiaIndex,lipemiaIndexUnits:CWE,icterusIndex,icterusIndexUnits:CWE,fibrinIndex,
  fibrinIndexUnits:CWE,systemInducedContaminants:CWE*,drugInterference:CWE*,artificialBlood:CWE,specialHandlingCode:CWE*,
  otherEnvironmentalFactors:CWE*
SCD cycleStartTime,cycleCount,tempMax:CQ,tempMin:CQ,loadNumber,conditionTime:CQ,sterilizeTime:CQ,exhaustTime:CQ,
  totalCycleTime:CQ,deviceStatus:CWE,cycleStartDateTime,dryTime:CQ,leakRate:CQ,controlTemperature:CQ,sterilizerTemperature:CQ,
  cycleCompleteTime,underTemperature:CQ,overTemperature:CQ,abortCycle:CWE,alarm:CWE,longInChargePhase:CWE,
  longInExhaustPhase:CWE,longInFastExhaustPhase:CWE,reset:CWE,operatorUnload:XCN,doorOpen:CWE,readingFailure:CWE,
  cycleType:CWE,thermalRinseTime:CQ,washTime:CQ,injectionRate:CQ,procedureCode:CWE,patientIdentifierList:CX*,
  attendingDoctor:XCN,dilutionFactor:SN,fillTime:CQ,inletTemperature:CQ
SCH placerAppointmentId:EI,fillerAppointmentId:EI,occurrenceNumber,placerGroupNumber:EI,scheduleId:CWE,eventReason:CWE,
  appointmentReason:CWE,appointmentType:CWE,appointmentDuration,appointmentDurationUnits:CWE,appointmentTimingQuantity:TQ*,
  placerContactPerson:XCN*,placerContactPhoneNumber:XTN,placerContactAddress:XAD*,placerContactLocation:PL,
  fillerContactPerson:XCN*,fillerContactPhoneNumber:XTN,fillerContactAddress:XAD*,fillerContactLocation:PL,
  enteredByPerson:XCN*,enteredByPhoneNumber:XTN*,enteredByLocation:PL,parentPlacerAppointmentId:EI,
  parentFillerAppointmentId:EI,fillerStatusCode:CWE,placerOrderNumber:EI*,fillerOrderNumber:EI*
SCP numberOfDecontaminationSterilizationDevices,laborCalculationType:CWE,dateFormat:CWE,deviceNumber:EI,deviceName,
  deviceModelName,deviceType:CWE,lotControl:CWE
SDD lotNumber:EI,deviceNumber:EI,deviceName,deviceDataState,loadStatus,controlCode,operatorName
SFT softwareVendorOrganization:XON,softwareCertifiedVersionOrReleaseNumber,softwareProductName,softwareBinaryId,
  softwareProductInformation,softwareInstallDate
SHP shipmentId:EI,internalShipmentId:EI*,shipmentStatus:CWE,shipmentStatusDateTime,shipmentStatusReason,shipmentPriority:CWE,
  shipmentConfidentiality:CWE*,numberOfPackagesInShipment,shipmentCondition:CWE*,shipmentHandlingCode:CWE*,
  shipmentRiskCode:CWE*
SID applicationMethodIdentifier:CWE,substanceLotNumber,substanceContainerIdentifier,substanceManufacturerIdentifier:CWE
SLT deviceNumber:EI,deviceName,lotNumber:EI,itemIdentifier:EI,barCode
SPM setId,specimenId:EIP,specimenParentIds:EIP*,specimenType:CWE,specimenTypeModifier:CWE*,specimenAdditives:CWE*,
  specimenCollectionMethod:CWE,specimenSourceSite:CWE,specimenSourceSiteModifier:CWE*,specimenCollectionSite:CWE,
  specimenRole:CWE*,specimenCollectionAmount:CQ,groupedSpecimenCount,specimenDescription*,specimenHandlingCode:CWE*,
  specimenRiskCode:CWE*,specimenCollectionDateTime:DR,specimenReceivedDateTime,specimenExpirationDateTime,
  specimenAvailability,specimenRejectReason:CWE*,specimenQuality:CWE,specimenAppropriateness:CWE,specimenCondition:CWE*,
  specimenCurrentQuantity:CQ,numberOfSpecimenContainers,containerType:CWE,containerCondition:CWE,specimenChildRole:CWE,
  accessionId:CX*,otherSpecimenId:CX*,shipmentId:EI
SPR queryTag,queryResponseFormatCode,storedProcedureName:CWE,inputParameterList:QIP*
STF primaryKeyValue:CWE,staffIdentifierList:CX*,staffName:XPN*,staffType*,administrativeSex,dateTimeOfBirth,
  activeInactiveFlag,department:CWE*,hospitalService:CWE*,phone:XTN*,officeHomeAddressBirthplace:XAD*,
  institutionActivationDate:DIN*,institutionInactivationDate:DIN*,backupPersonId:CWE*,eMailAddress*,
  preferredMethodOfContact:CWE,maritalStatus:CWE,jobTitle,jobCodeClass:JCC,employmentStatusCode:CWE,additionalInsuredOnAuto,
  driversLicenseNumberStaff:DLN,copyAutoIns,autoInsExpires,dateLastDmvReview,dateNextDmvReview,race:CWE,ethnicGroup:CWE,
  reActivationApprovalIndicator,citizenship:CWE*,deathDateAndTime,deathIndicator,institutionRelationshipTypeCode:CWE,
  institutionRelationshipPeriod:DR,expectedReturnDate,costCenterCode:CWE*,genericClassificationIndicator,
  inactiveReasonCode:CWE,genericResourceTypeOrCategory:CWE*,religion:CWE,signature:ED
STZ sterilizationType:CWE,sterilizationCycle:CWE,maintenanceCycle:CWE,maintenanceType:CWE
TCC universalServiceIdentifier:CWE,testApplicationIdentifier:EI,specimenSource:SPS,autoDilutionFactorDefault:SN,
  rerunDilutionFactorDefault:SN,preDilutionFactorDefault:SN,endogenousContentOfPreDilutionDiluent:SN,
  inventoryLimitsWarningLevel,automaticRerunAllowed,automaticRepeatAllowed,automaticReflexAllowed,equipmentDynamicRange:SN,
  units:CWE,processingType:CWE
TCD universalServiceIdentifier:CWE,autoDilutionFactor:SN,rerunDilutionFactor:SN,preDilutionFactor:SN,
  endogenousContentOfPreDilutionDiluent:SN,automaticRepeatAllowed,reflexAllowed,analyteRepeatStatus:CWE
TQ1 setId,quantity:CQ,repeatPattern:RPT*,explicitTime*,relativeTimeAndUnits:CQ*,serviceDuration:CQ,startDateTime,endDateTime,
  priority:CWE*,conditionText,textInstruction,conjunction,occurrenceDuration:CQ,totalOccurrences
TQ2 setId,sequenceResultsFlag,relatedPlacerNumber:EI*,relatedFillerNumber:EI*,relatedPlacerGroupNumber:EI*,
  sequenceConditionCode,cyclicEntryExitIndicator,sequenceConditionTimeInterval:CQ,cyclicGroupMaximumNumberOfRepeats,
  specialServiceRequestRelationship
TXA setId,documentType,documentContentPresentation,activityDateTime,primaryActivityProviderCodeName:XCN*,originationDateTime,
  transcriptionDateTime,editDateTime*,originatorCodeName:XCN*,assignedDocumentAuthenticator:XCN*,
  transcriptionistCodeName:XCN*,uniqueDocumentNumber:EI,parentDocumentNumber:EI,placerOrderNumber:EI*,fillerOrderNumber:EI,
  uniqueDocumentFileName,documentCompletionStatus,documentConfidentialityStatus,documentAvailabilityStatus,
  documentStorageStatus,documentChangeReason,authenticationPersonTimeStamp:PPN*,distributedCopies:XCN*,folderAssignment:CWE*,
  documentTitle*,agreedDueDateTime
UAC userAuthenticationCredentialTypeCode:CWE,userAuthenticationCredential:ED
UB1 setId,bloodDeductible,bloodFurnishedPintsOf,bloodReplacedPints,bloodNotReplacedPints,coInsuranceDays,conditionCode*,
  coveredDays,nonCoveredDays,valueAmountAndCode:UVC*,numberOfGraceDays,specialProgramIndicator:CWE,
  psroUrApprovalIndicator:CWE,psroUrApprovedStayFm,psroUrApprovedStayTo,occurrence:OCD*,occurrenceSpan:CWE,occurSpanStartDate,
  occurSpanEndDate,ub82Locator2,ub82Locator9,ub82Locator27,ub82Locator45
UB2 setId,coInsuranceDays,conditionCode*,coveredDays,nonCoveredDays,valueAmountAndCode:UVC*,occurrenceCodeAndDate:OCD*,
  occurrenceSpanCodeDates:OSP*,ub92Locator2*,ub92Locator11*,ub92Locator31,documentControlNumber*,ub92Locator49*,
  ub92Locator56*,ub92Locator57,ub92Locator78*,specialVisitCount
URD rUDateTime,reportPriority,rUWhoSubjectDefinition:XCN*,rUWhatSubjectDefinition:CWE*,rUWhatDepartmentCode:CWE*,
  rUDisplayPrintLocations*,rUResultsLevel
URS rUWhereSubjectDefinition*,rUWhenDataStartDateTime,rUWhenDataEndDateTime,rUWhatUserQualifier*,
  rUOtherResultsSubjectDefinition*,rUWhichDateTimeQualifier*,rUWhichDateTimeStatusQualifier*,rUDateTimeSelectionQualifier*,
  rUQuantityTimingQualifier:TQ
VAR varianceInstanceId:EI,documentedDateTime,statedVarianceDateTime,varianceOriginator:XCN*,varianceClassification:CWE,
  varianceDescription*
VND setId,vendorIdentifier:EI,vendorName,vendorCatalogNumber:EI,primaryVendorIndicator:CWE
VTQ queryTag,queryResponseFormatCode,vtQueryName:CWE,virtualTableName:CWE,selectionCriteria:QSC*
`;
