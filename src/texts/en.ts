import { conferenceEn } from './conference-en.ts';

/** Every text of the pages for hosts and guests, and of invitations. Each other language has the same keys. */
export const en = {
  'language.name': 'English',

  'hub.title': 'Conferences of {{company}}',
  'hub.kind': 'Telephone conferences',
  'hub.kind.web': 'Conferences',
  'hub.dial': 'To join a conference by telephone, dial one of these numbers and key in the code.',
  'hub.askForCode': 'Ask your host for the code.',
  'hub.askHow': 'Ask your host how to join, and for the code.',
  'hub.hostsOnly': 'You are the host?',
  'hub.none.title': 'No conferences here',
  'hub.none.heading': 'There is no conference site at this address',
  'hub.none.what':
    'Look at the address that your host gave you: a letter may be missing or wrong. If it is right, ask your host for another one.',

  'join.code': 'Code of the conference',
  'join.action': 'Join in this browser',
  'join.wrong': 'This code opens no conference here. Look at it and try again, or ask your host for another one.',
  'join.full': 'This conference is full. Try again when somebody has left, or ask your host.',
  'join.elsewhere': 'This form was sent from another site. Type the code here.',

  'signIn.title': 'Sign in as the host',
  'signIn.login': 'Client number or e-mail address',
  'signIn.password': 'Password',
  'signIn.action': 'Sign in',
  'signIn.back': 'Back',
  'signIn.wrong': 'That number or address and that password do not go together here. Look at both and try again.',
  'signIn.which.heading': 'Which of your conferences?',
  'signIn.which.what': 'This address and password are those of several clients.',
  'signIn.expired': 'This page was open for too long. Sign in again.',
  'signIn.elsewhere': 'This form was sent from another site. Open your hub’s own address and sign in there.',

  'signOn.over.title': 'Sign in again',
  'signOn.over.heading': 'This link does not work any more',
  'signOn.over.what': 'Links work once, and only for a minute. Go back to where you clicked it, and click again.',

  'host.title': 'Your conference',
  'host.welcome': 'Welcome, {{name}}',
  'host.where': 'Your conference at {{company}}',
  'host.codes': 'Your codes',
  'host.moderator': 'You, as the moderator',
  'host.participant': 'Your guests',
  'host.codesWarning': 'Give your guests the second code only. Whoever has the first one can run your conference.',
  'host.start': 'Start the conference in this browser',
  'host.dial.too': 'Or by telephone: dial one of these numbers',
  'host.dial': 'Start now: dial one of these numbers',
  'host.dialWhat': 'A telephone that opens this page dials the number and keys in your code by itself.',
  'host.noNumbers': 'Ask whoever gave you this conference for the number to dial.',
  'host.invite': 'Invite your guests',
  'host.inviteWhat': 'Copy this into a message. It has the number to dial and the guests’ code.',
  'host.copy': 'Copy the invitation',
  'host.copied': 'Copied.',
  'host.calendar': 'Put it into a calendar',
  'host.calendar.subject': 'Subject',
  'host.calendar.start': 'Begins',
  'host.calendar.minutes': 'Minutes',
  'host.calendar.zone': 'Time zone',
  'host.calendar.action': 'Save the calendar file',
  'host.signOut': 'Sign out',

  'numbers.tollFree': 'toll-free',

  'invitation.subject': 'Conference with {{host}}',
  'invitation.greeting': '{{host}} ({{company}}) invites you to a telephone conference.',
  'invitation.dial': 'Dial one of these numbers:',
  'invitation.code': 'Then key in the code: {{code}}',
  'invitation.oneTap': 'Or touch this on a telephone, which dials and keys in the code by itself:',
  'invitation.more': 'All about joining: {{link}}',
  'invitation.noNumbers': 'The code of the conference: {{code}}',

  'problem.start': 'Say when it begins, such as 2026-12-01T14:30.',
  'problem.minutes': 'Say how many minutes it takes, from 1 to 1440.',
  'problem.zone': 'Name a time zone, such as America/Toronto.',
  'problem.heading': 'The calendar file was not made',

  ...conferenceEn,
} as const;

export type TextKey = keyof typeof en;
export type Catalogue = Readonly<Record<TextKey, string>>;
