import type { Field } from './fields.ts';

/**
 * What columns are called in exports of billing systems, of vendors and of spreadsheets that people keep, in English, French, German and Spanish. Letters and
 * digits alone count, in small letters and without accents: "E-Mail Address" is `emailaddress`.
 */
const NAMES: Readonly<Record<Field, string>> = {
  'company.externalId':
    'companyexternalid companyid customerid custid accountid accountnumber accountno customernumber customerno customer companyno orgid organizationid organisationid idclient noclient numeroclient clientnumero kundennummer kundennr idcliente companycode customerref',
  'company.enterpriseId':
    'enterpriseid companyenterpriseid enterprise enterpriseno resellerid resellerno identreprise enterprisenumber masteraccountid',
  'company.name':
    'companyname company customername accountname organization organisation organizationname organisationname org business businessname employer firm societe entreprise nomentreprise raisonsociale compagnie firma unternehmen empresa companyorganization',
  'company.isGlobalMeetEnabled': 'isglobalmeetenabled companyisglobalmeetenabled globalmeet globalmeetenabled globalmeetactive',
  'company.isWebConfEnabled':
    'iswebconfenabled companyiswebconfenabled webconf webconfenabled webconference webconferencing webconferenceenabled imeet',
  'client.externalId':
    'clientexternalid externalid planid userplanid subscriptionid subscriberid userid serviceid licenseid licenceid id externalref externalreference reference ref memberid employeeid idabonnement idplan numeroabonnement vertragsnummer idplanusuario',
  'client.password': 'clientpassword password pwd passwd motdepasse passwort kennwort contrasena hubpassword',
  'client.first': 'clientfirst first firstname givenname forename fname prenom vorname nombre contactfirstname hostfirstname',
  'client.last':
    'clientlast last lastname surname familyname lname nom nomdefamille nachname familienname apellido apellidos contactlastname hostlastname',
  'client.name':
    'clientname fullname name hostname displayname username contactname contact host moderator moderatorname nomcomplet organizer owner leadername chairperson',
  'client.email':
    'clientemail email emailaddress mail emails mailaddress courriel adressecourriel adresseemail adressemail emailadresse correo correoelectronico contactemail hostemail primaryemail workemail useremail',
  'contact.address':
    'contactaddress address address1 addressline1 street streetaddress street1 adresse rue strasse direccion billingaddress mailingaddress',
  'contact.city': 'contactcity city town ville stadt ort ciudad locality billingcity',
  'contact.state':
    'contactstate state province stateprovince provincestate region county etat bundesland estado provincia billingstate prov',
  'contact.country': 'contactcountry country countrycode countryregion pays land pais countryname billingcountry nation',
  'contact.postalCode':
    'contactpostalcode postalcode zip zipcode postcode postal codepostal plz postleitzahl codigopostal zippostalcode zippostal billingzip',
  status:
    'status accountstatus clientstatus userstatus active isactive enabled isenabled statut actif aktiv activo planstatus subscriptionstatus',
  clientId: 'clientid pgiclientid pgiid parleyclientid loopupid conferenceid confid',
  moderatorPassCode:
    'moderatorpasscode moderatorcode moderatorpin moderatoraccesscode hostpasscode hostcode hostpin hostaccesscode chairpersoncode chairpersonpasscode chaircode leadercode leaderpin adminpin organizercode codemoderateur codehote codeanimateur moderatorpassword chairpersonpin leaderpasscode',
  participantPassCode:
    'participantpasscode participantcode participantpin participantaccesscode guestpasscode guestcode guestpin guestaccesscode attendeecode attendeepin attendeepasscode userpin codeparticipant codeinvite participantpassword accesscode passcode',
  hubName: 'hubname huburl hub vanityurl vanityname hubhostname roomurl',
};

const FIELD_OF: ReadonlyMap<string, Field> = new Map(
  Object.entries(NAMES).flatMap(([field, names]) => names.split(' ').map((name) => [name, field as Field] as const)),
);

export function plainHeading(heading: string): string {
  return heading
    .normalize('NFKD')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}

/** The field that a heading means; undefined where it is none of the common names. */
export function guessField(heading: string): Field | undefined {
  return FIELD_OF.get(plainHeading(heading));
}
