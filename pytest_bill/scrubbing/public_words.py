"""The names of BILL's fields, operations, paths and values, as its reference has them.

In lower case; what is part of another is left out (https://developer.bill.com/reference, November
2026).
"""

WORDS = """
/3ds-challenge /api/v2/approve.json /api/v2/bulk/crud/create/bill.json
/api/v2/bulk/crud/create/chartofaccount.json /api/v2/bulk/crud/create/customer.json
/api/v2/bulk/crud/create/invoice.json /api/v2/bulk/crud/create/vendor.json
/api/v2/bulk/crud/create/vendorbankaccount.json /api/v2/bulk/crud/update/bill.json
/api/v2/bulk/crud/update/chartofaccount.json /api/v2/bulk/crud/update/customer.json
/api/v2/bulk/crud/update/invoice.json /api/v2/bulk/crud/update/vendor.json
/api/v2/cancelappayment.json /api/v2/chargecustomer.json /api/v2/crud/create/actgclass.json
/api/v2/crud/create/bankaccount.json /api/v2/crud/create/bill.json
/api/v2/crud/create/chartofaccount.json /api/v2/crud/create/creditmemo.json
/api/v2/crud/create/customer.json /api/v2/crud/create/customerbankaccount.json
/api/v2/crud/create/customercontact.json /api/v2/crud/create/department.json
/api/v2/crud/create/employee.json /api/v2/crud/create/invoice.json /api/v2/crud/create/item.json
/api/v2/crud/create/job.json /api/v2/crud/create/location.json
/api/v2/crud/create/paymentterm.json /api/v2/crud/create/recurringbill.json
/api/v2/crud/create/recurringinvoice.json /api/v2/crud/create/user.json
/api/v2/crud/create/vendor.json /api/v2/crud/create/vendorbankaccount.json
/api/v2/crud/create/vendorcredit.json /api/v2/crud/delete/actgclass.json
/api/v2/crud/delete/bankaccount.json /api/v2/crud/delete/bill.json
/api/v2/crud/delete/chartofaccount.json /api/v2/crud/delete/creditmemo.json
/api/v2/crud/delete/customer.json /api/v2/crud/delete/customerbankaccount.json
/api/v2/crud/delete/customercontact.json /api/v2/crud/delete/department.json
/api/v2/crud/delete/employee.json /api/v2/crud/delete/invoice.json /api/v2/crud/delete/item.json
/api/v2/crud/delete/job.json /api/v2/crud/delete/location.json
/api/v2/crud/delete/recurringbill.json /api/v2/crud/delete/recurringinvoice.json
/api/v2/crud/delete/user.json /api/v2/crud/delete/vendor.json
/api/v2/crud/delete/vendorbankaccount.json /api/v2/crud/delete/vendorcredit.json
/api/v2/crud/read/actgclass.json /api/v2/crud/read/bankaccount.json /api/v2/crud/read/bill.json
/api/v2/crud/read/billcredit.json /api/v2/crud/read/billpay.json
/api/v2/crud/read/chartofaccount.json /api/v2/crud/read/creditmemo.json
/api/v2/crud/read/customer.json /api/v2/crud/read/customerbankaccount.json
/api/v2/crud/read/customercontact.json /api/v2/crud/read/department.json
/api/v2/crud/read/employee.json /api/v2/crud/read/invoice.json /api/v2/crud/read/item.json
/api/v2/crud/read/job.json /api/v2/crud/read/location.json /api/v2/crud/read/organization.json
/api/v2/crud/read/paymentterm.json /api/v2/crud/read/profile.json
/api/v2/crud/read/receivedpay.json /api/v2/crud/read/recurringbill.json
/api/v2/crud/read/recurringinvoice.json /api/v2/crud/read/sentpay.json /api/v2/crud/read/user.json
/api/v2/crud/read/vendor.json /api/v2/crud/read/vendorbankaccount.json
/api/v2/crud/read/vendorcredit.json /api/v2/crud/undelete/actgclass.json
/api/v2/crud/undelete/bill.json /api/v2/crud/undelete/chartofaccount.json
/api/v2/crud/undelete/creditmemo.json /api/v2/crud/undelete/customer.json
/api/v2/crud/undelete/customercontact.json /api/v2/crud/undelete/department.json
/api/v2/crud/undelete/employee.json /api/v2/crud/undelete/invoice.json
/api/v2/crud/undelete/item.json /api/v2/crud/undelete/job.json /api/v2/crud/undelete/location.json
/api/v2/crud/undelete/recurringbill.json /api/v2/crud/undelete/recurringinvoice.json
/api/v2/crud/undelete/user.json /api/v2/crud/undelete/vendor.json
/api/v2/crud/undelete/vendorcredit.json /api/v2/crud/update/actgclass.json
/api/v2/crud/update/bankaccount.json /api/v2/crud/update/bill.json
/api/v2/crud/update/chartofaccount.json /api/v2/crud/update/creditmemo.json
/api/v2/crud/update/customer.json /api/v2/crud/update/customercontact.json
/api/v2/crud/update/department.json /api/v2/crud/update/employee.json
/api/v2/crud/update/invoice.json /api/v2/crud/update/item.json /api/v2/crud/update/job.json
/api/v2/crud/update/location.json /api/v2/crud/update/paymentterm.json
/api/v2/crud/update/recurringbill.json /api/v2/crud/update/recurringinvoice.json
/api/v2/crud/update/user.json /api/v2/crud/update/vendor.json
/api/v2/crud/update/vendorcredit.json /api/v2/deny.json /api/v2/getdisbursementdata.json
/api/v2/getdocumentpages.json /api/v2/getsessioninfo.json /api/v2/list/actgclass.json
/api/v2/list/bankaccount.json /api/v2/list/bill.json /api/v2/list/billcredit.json
/api/v2/list/billpay.json /api/v2/list/chartofaccount.json /api/v2/list/creditmemo.json
/api/v2/list/customer.json /api/v2/list/customerbankaccount.json /api/v2/list/customercontact.json
/api/v2/list/department.json /api/v2/list/employee.json /api/v2/list/invoice.json
/api/v2/list/item.json /api/v2/list/job.json /api/v2/list/location.json
/api/v2/list/paymentterm.json /api/v2/list/profile.json /api/v2/list/receivedpay.json
/api/v2/list/recurringbill.json /api/v2/list/recurringinvoice.json /api/v2/list/sentpay.json
/api/v2/list/user.json /api/v2/list/vendor.json /api/v2/list/vendorbankaccount.json
/api/v2/list/vendorcredit.json /api/v2/listapprovers.json /api/v2/listorgs.json
/api/v2/listuserapprovals.json /api/v2/login.json /api/v2/logout.json /api/v2/paybills.json
/api/v2/recordappayment.json /api/v2/recordarpayment.json /api/v2/searchentity.json
/api/v2/sendinvoice.json /api/v2/setapprovers.json /api/v2/uploadattachment.json
/api/v2/voidappayment.json /bank-accounts/ /billing-statements/ /charge-authorization /check-image
/connect-events/v3/events/catalog /connect-events/v3/events/subscription/
/connect-events/v3/health /connect-events/v3/subscriptions/ /contacts/ /download-link /email
/event/ /freeze /members/bulk /pan-jwt /payment-link /payment-terms/ /price-plan /receipts/
/security_key /test /unfreeze /v3/attachments/customers/ /v3/attachments/invoices/
/v3/attachments/vendors/ /v3/bill-approvals/actions /v3/bill-approvals/pending-user-approvals
/v3/bill-approvals/policies/ /v3/bills/bulk /v3/bills/record-payment
/v3/classifications/accounting-classes/bulk/archive
/v3/classifications/accounting-classes/bulk/restore
/v3/classifications/chart-of-accounts/bulk/archive
/v3/classifications/chart-of-accounts/bulk/restore /v3/classifications/departments/bulk/archive
/v3/classifications/departments/bulk/restore /v3/classifications/employees/bulk/archive
/v3/classifications/employees/bulk/restore /v3/classifications/items/bulk/archive
/v3/classifications/items/bulk/restore /v3/classifications/jobs/bulk/archive
/v3/classifications/jobs/bulk/restore /v3/classifications/locations/bulk/archive
/v3/classifications/locations/bulk/restore /v3/credit-memos/bulk/archive
/v3/credit-memos/bulk/restore /v3/customers/ /v3/documents/bills/ /v3/documents/upload-status
/v3/exports/ /v3/funding-accounts/ap-cards /v3/funding-accounts/banks/users/nominate
/v3/funding-accounts/cards/funding-purposes /v3/funding-accounts/cards/users
/v3/funding-accounts/permissions /v3/invoices/record-payment /v3/login/organizations
/v3/login/session /v3/logout /v3/mfa/challenge/validate /v3/mfa/phones /v3/mfa/setup/validate
/v3/mfa/step-up /v3/network/invitation/accept /v3/network/invitation/customer/
/v3/network/invitation/vendor/ /v3/organizations/industries /v3/partner/login-as-user
/v3/partner/organizations/ /v3/partner/risk-verifications/ /v3/partner/roles/ /v3/partner/users/
/v3/payments/bulk /v3/payments/exchange-rate /v3/payments/options /v3/receivable-payments/
/v3/recurring-invoices/ /v3/recurringbills/ /v3/reports/audit-trail/vendor/
/v3/risk-verifications/phone /v3/roles/ /v3/spend/budgets/ /v3/spend/cards/
/v3/spend/custom-fields/ /v3/spend/reimbursements/image-upload-url
/v3/spend/transactions/receipt-upload-url /v3/spend/users/current /v3/users/
/v3/vendor-credits/bulk/archive /v3/vendors/bulk /v3/vendors/configuration/international-payments
/values/ /verify 10 11 12 13 14 15 16 7 8 9 acceptinvitation accepttermsofservice access_token
accesstoadmins accnumber accountingclassid accountingintegrationtransactions accountnumber
accounttype achdisbursement acstransactionid activepromotion actorid actorrole additionalinfo
addreimbursementreceipt addressid addtransactionreceipt aed afn allowcustomvalues allowtrial
alternateemail altphone amd amexallowed amountdue amountrange answer aoa ap_card apcardid
apiendpoint appenv appid appkey applystatus applytobankaccountid applytochartofaccountid
approvalstatus approvaltype approveordenyreimbursement approverorder approvertype appversion
archivebankaccountuser archivebill archivecustomerbankaccount archivecustomercontact
archiveinvoice archiveorganizationuser archivepartneruser archiverecurringbill
archiverecurringinvoice arrivesbydate ars ascending assigned attachmentid auditor authorizedtime
authorizetochargecustomer autoaddusers autopay.failed autopayment available awg awsaccesskeyid azn
balance bam bank-account.created bank-account.updated bank_account bankaccountstatus
bankaccountuserid bankaccountwrongamounts bankcountry basecurrency batchamount bbd bdcregion bdt
bgn bhd bif bill.archived bill.created bill.restored bill.updated bill_amount billable
billaddress1 billaddress2 billaddress3 billaddress4 billaddresscity billaddresscountry
billaddressstate billaddresszip billapprovals billapprovedenyactions billcredits billcurrency
billids billingaddress billingperiod billingstatementid billingtype billpayments billpays
birthdate blocked bmd bnd bob body bookkeeper brand brl bsd btn budgetname budgetrole
bulkarchiveclassificationaccountingclass bulkarchiveclassificationchartofaccounts
bulkarchiveclassificationdepartment bulkarchiveclassificationemployee
bulkarchiveclassificationitem bulkarchiveclassificationjob bulkarchiveclassificationlocation
bulkarchivecreditmemo bulkarchivevendorcredit bulkcreateclassificationaccountingclass
bulkcreateclassificationchartofaccounts bulkcreateclassificationdepartment
bulkcreateclassificationemployee bulkcreateclassificationitem bulkcreateclassificationjob
bulkcreateclassificationlocation bulkcreatecreditmemo bulkcreatevendorcredit bulkreplacecreditmemo
bulkreplacevendorcredit bulkrestoreclassificationaccountingclass
bulkrestoreclassificationchartofaccounts bulkrestoreclassificationdepartment
bulkrestoreclassificationemployee bulkrestoreclassificationitem bulkrestoreclassificationjob
bulkrestoreclassificationlocation bulkrestorecreditmemo bulkupdateclassificationaccountingclass
bulkupdateclassificationchartofaccounts bulkupdateclassificationdepartment
bulkupdateclassificationemployee bulkupdateclassificationitem bulkupdateclassificationjob
bulkupdateclassificationlocation bulkupdatecreditmemo bulkupdatevendorcredit businesscategory bwp
byn bzd cad caller canceled cancelled cancelpayment cancelrequestsubmitted card-account.created
card-account.updated card_account cardaccountuserid cardids cardlastfour cardpresent cardtype
carduserstatus carduuid carryover cash ccme cdf challengeid chart_of_account_id checkdata
checkdate checkdisbursement checking checknumber chf childtransactionids childtransactionuuids
cleared client_id client_secret clp cny codes comment companyname companyowner confirmationnumber
connected_rpps consoleapitoken consoleorganizations contactfirstname contactid contactlastname
contenttype conveniencefeeamount convfeeamount countryname crc createbankaccount
createbillapprovalpolicy createbilldocument createbudgetcard createbulkbills createbulkpayment
createbulkvendor createcustomerattachment createcustomerbankaccount createcustomercontact
createcustomerinvitation createcustomfieldvalues createdby createdtimefrom createdtimeto
createimageuploadurl createinvoiceattachment createnewsecuritykey createorganizationuser
createpartneruser createpaymentterm createphone createreceiptuploadurl createrecurringbill
createrecurringinvoice createreimbursement createriskverificationphone createsubscription
createuser createvendorattachment createvendorbankaccount createvendorinvitation credit_card
creditamount creditcardrate creditdate creditmemoid creditmemolineitems csv cuc cup currencydata
currentperiod customername customfieldvalueids cvc cve cvv czk daily daysdue daysinadvance
debitcardrate decision declinereason defaultcardaccountid defaultpayables defaultreceivables
deleteattachment deletebudgetmember deletecard deletecustomerinvitation deletecustomfieldvalue
deletedreason deletepolicy deletereimbursementreceipt deletesubscription deletetransactionreceipt
deleteuser deletevendorinvitation deliverydate depositamount deposittoaccountid deviceid devkey
disabled disbursementinfo disbursementstatus disbursementtype displayname djf dkk do_not_share
documentid documentuploadedid documentuploads dop dueamount duedays dzd egp emaildomain
emailreceipt enablecardpayment enabledcombinepayments enddate entityid entries error_code
error_message errorcode errors escheated eventid eventtype exchangeratebatchid expenseaccount
expensechartofaccountid expirationdate expirationtime expired expires exponent exportid
externalreferenceid false fax feeinfo fees filename filetype fileurl filters finance_admin fjd fkp
fname fob foreignexchangefee frequencypertimeperiod fromuserid fulfillmenttype fullname
fully_applied fundingamount fundingenabled fundingoptions gbp gel generatechallenge
getallsubscriptions getattachment getbankaccount getbillingstatementdetail getbudgetmember
getcardaccount getcheckimagedata getclassificationaccountingclass getclassificationchartofaccounts
getclassificationdepartment getclassificationemployee getclassificationitem getclassificationjob
getclassificationlocation getconfigurationbyvendorid getcreditmemo getcurrentuser
getcustomerbankaccount getcustomercontact getcustomerinvitation getcustomfieldvalues
getdownloadlink geteventcatalog geteventsforsubscription getexchangerates
getfundingaccountpermission getintlconfig getinvoice getorganizationuserrole getpanjwt
getpartneruserrole getpaymentlink getpaymentterm getpriceplan getreceivablepayment
getrecurringbill getrecurringinvoice getreimbursement getriskverificationphone
getriskverifications getsubscription gettransaction getvendoraudittrail getvendorbankaccount
getvendorcredit getvendorinvitation ggp ghs gip glpostingdate gmd gnf googleaccessid groupid
groupname groups gte gtq gyd hasauthorizedtocharge hasautopay hasdateofbirth hasphone haspurinfo
headers hkd hnl hrk htg huf idr imp in_progress includearchived includereceipts incomplete
individualtransferin individualtransferout industry initiateriskverifications inr integrationid
integrationtxid integrationtype internationaldisbursement internationalpayments invalid
invitevendornotinbillnetwork invoice.archived invoice.created invoice.restored invoice.updated
invoicecurrency invoicedatefrom invoicedateto invoicenumber invoicepayments invoicepays
invoicepdfid invoicetemplateid iqd irr isactive isapproved isbudgetgroup iscredit isglobal
islocked isonline isparent ispersonalacct isreconciled isrequired issavings issuingbankname
istobeautoemailed istobeautomailed istobeemailed istobeprinted isvoidable iswrittenauth
itemsalestax
ivborw0kggoaaaansuheugaaaaeaaaabcayaaaaffcsjaaaaduleqvr42mnkyphfdwachwga60e6kgaaaabjru5erkjg jep
jmd job_id jod jpy kes kgs khr kind kmf kpw krw kwd kyd kzt lak last4cardnumber last4digits
lastpaymentdate lastsenttime lastupdateddate lastusedpurpose lbp leadtimeindays limitlessgoal
limitlessoverspend line1 line2 linetype listallorganizations listbankaccounts listbankaccountusers
listbillapprovalpolicies listbillingstatements listbills listbilluserapprovals listbudgetmembers
listbudgets listcardaccountusers listcardfundingpurposes listcards
listclassificationaccountingclasses listclassificationchartofaccounts
listclassificationdepartments listclassificationemployees listclassificationitems
listclassificationjobs listclassificationlocations listcreditmemos listcustomerattachments
listcustomerbankaccounts listcustomercontacts listcustomers listcustomfields listcustomfieldvalues
listdocuments listexports listindustries listinvoiceattachments listinvoices listmfaphones
listorganizationuserroles listorganizationusers listpartnerorganizations listpartneruserroles
listpartnerusers listpayableapcards listpayablecardaccounts listpaymentoptions listpayments
listpaymentterms listreceivablepayments listrecurringbills listrecurringinvoices
listreimbursements listtransactioncustomfields listtransactioncustomfieldvalues listtransactions
listusers listvendorattachments listvendorcredits listvendors location_id loginasuser loginid lost
lrd lsl lyd machinename mad mailingaddresssameasphysical managedby marker
matchedcleartransactionid matchedcleartransactionuuid maxtxsize mdl merchantcategorycode
merchantlocation mergedintoid mfabypass mfaid mfastatus mga minimumamountforrequirement misplaced
mkd mmk mnt mobile monthlyprice mop mru multiselect mur mvr mwk mxn myr mzn nameonaccount
nameonacct nameoncheck needattnreviewed nested networkstatus networktype nextduedate nextpage
nickname nio nok nominatebankaccountuser nominated none not_applied not_connected not_verified
note notificationurl npr numpages nzd objectid observers occurreddate occurredtime omr
onlinepayment open organizationid organizationname orgid orgname originalauthtransactionid
originalauthtransactionuuid originalcurrencyamount originalcurrencycode otherrecordid
overspendbuffer ownertype pab pagenumber paid_in_full paidamount parentactgclassid parentbudgetid
parentbudgetuuid parentchartofaccountid parentcustomerid parentdepartmentid parentemployeeid
parentid parentitemid parentjobid parentlocationid parenttransactionid parenttransactionuuid
partial_payment partially_applied partnerlogin partnername password paybycard paybysubtype
paybytype payeename payfrombankaccountid payfromchartofaccountid payload payment.failed
payment.updated paymentcurrency paymentemail paymentinformation paymentnetworkid paymentphone
paymentpurpose paymenttermid paymenttype payonline paypal paytobankaccountid paytochartofaccountid
pgk phonenumber phonetype php pkr planterms pln pointsawarded policyid policyname ponumber
previous prevpage priceplan1 priceplan2 priceplan3 priceplan4 priceplan5 priceplantype
pricevariesperuser primary printas processdate processingoptions processingstatus profileid
proxy-authorization purchasecost purchasedescription purchaseordernumber purcost purdescription
pyg qar quantity quarterly ratepercent rawmerchantname reasonforvoid receiptaddedtime receiptemail
receiptid receiptrequired receiptstatus receiptsyncstatus receivablesaccount receivablestype
receivedpaymentid recipient recordinvoice recordpayment recordtype recurmonth recurringbillid
recurringbilllineitems recurringinterval recurringinvoiceid recurringinvoicelineitems
recurringlimit recurringpayments referencenumber refnumber refresh_token regularexpression
regulatoryfields reimbursementids reject remembermeid remittanceemail replacebill
replaceinvoicepdf replacerecurringbill replacerecurringinvoice replacesubscription replyto
requestcheckdeliverytype requestedby requestpayfaster requiredbudgetids requiredbudgetuuids
resendevent response_data response_message response_status restorebill restorecustomercontact
restoreinvoice restoreorganizationuser restorepartneruser restorerecurringbill
restorerecurringinvoice restorevendor results retired returnurl reviewedtime reviewerid reviewers
revieweruuid reviewrequired reviewstatus risk-verification.updated riskverificationphones roleid
routingnumber rppsdisbursement rppsid rppsinformation rsd rub rules rwf salesrep salestaxitemid
salestaxpercentage salestaxtotal sar sbd scheduledamount scope sdg sek selectedbudgetids
selectedbudgetuuids selectedvalues selections sendemail sendtestevent sentdate sentpayid sentpays
sessionid setupid severity sgd share_all_owners_but_members_manually share_manually
share_with_all_members sharebudgetfunds sharefunds shipaddress1 shipaddress2 shipaddress3
shipaddress4 shipaddresscity shipaddresscountry shipaddressstate shipaddresszip shipdate
shipmethod shippingaddress shortname showaudit showcustomfieldids shp singlestatus sle sll sort
sos source spend.reimbursement.created spend.reimbursement.deleted spend.reimbursement.updated
spend.three-ds-challenge.created spend.transaction.updated spent srd ssn startdate
statementdetails stateorprovince statuschangedtime statuscode statushistory stepupsession stolen
subcategories subject submittedtime subscriptionid success svc symbol syncmessage syncreference
syncrequestid syp szl taxable taxidtype text thb threedschallenge tier timestamp timezone tjs tmt
tnd toemailaddresses toprintcheck totalamount transactedamount transactionnumber transactiontype
true trusted ttd tvd twd txnnumber types tzs uah ugx uipaymentstatus unappliedamount undefined
unfreezecard unitprice unpaid until updatebankaccount updatebillapprovalpolicy updatebudget
updatecard updatecustomerbankaccount updatecustomercontact updatecustomfield updatedtime
updateinvoice updateorganizationuser updateorgpartnerpriceplan updatepartneruser updatepaymentterm
updaterecurringbill updaterecurringinvoice updatereimbursement updatesubscription
updatetransactioncustomfields updateuser uploadid uploadstatus upsertbudgetmember
upsertbulkbudgetusers usage usd usebackup usercount userids username usersid useruuid uyu uzs
v2approve v2cancelappayment v2chargecustomer v2deletevendorbankaccount v2deny
v2getdisbursementdata v2getdocumentpages v2getsessioninfo v2listapprovers v2listorgs
v2listuserapprovals v2login v2logout v2paybills v2recordappayment v2recordarpayment v2searchentity
v2sendinvoice v2setapprovers v2uploadattachment v2voidappayment validatechallenge validations
validthru vef vendor.archived vendor.created vendor.restored vendor.updated vendor_id
vendorcreditid vendorcreditlineitems vendorname vendorvcardremitemail verificationstatus
verifybankaccount versions vnd void_and_credit void_and_reissue_vcard void_only voidinfo
voidpayment vuv wallet webhookgethealthcheck weekly x-amz-credential x-amz-security-token
x-amz-signature x-goog-credential x-goog-signature x-idempotent-key xaf xcd xdr xof xpf yearly yer
zar ziporpostalcode zmw zwd
"""
