/** Sentences of what leaves the house: mail and webhooks, in the settings. */
export const channels = {
  loading: 'Loading mail and webhooks',
  mail: {
    title: 'Mail',
    on: (from: string) => `Mail is sent from ${from}.`,
    onUnnamed: 'Mail is sent by the mail server of this installation.',
    off: 'No mail is sent yet',
    offText:
      'Whoever runs the server names a mail server when starting it. Alerts on screen and webhooks work without.',
    offHow: 'Start the server with these two settings, then open this page again:',
    copy: 'Copy the settings of the mail server',
    settings: 'Settings of the mail server',
    test: 'Send me a test mail',
    testTo: (email: string) => `It goes to ${email}.`,
  },
  test: {
    waiting: 'On its way',
    arrived: {
      atOnce: 'Arrived.',
      after: (seconds: string) => `Arrived after ${seconds}.`,
    },
    handedOver: {
      atOnce: 'Handed to the mail server.',
      after: (seconds: string) => `Handed to the mail server after ${seconds}.`,
    },
    retrying: (detail: string) => `Not yet: ${detail} It is tried again by itself.`,
    dead: (detail: string) => `Given up: ${detail}`,
    skipped: 'Not sent.',
    unknown: 'The outcome is not known. Look under Alerts, Deliveries.',
    noDetail: 'the receiver gave no reason.',
    notSent: 'The test was not sent.',
  },
  webhooks: {
    title: 'Webhooks',
    intro:
      'Programs that are told of alerts over HTTPS, signed as Standard Webhooks says. Rules choose which of them hear what.',
    add: 'Add webhook',
    emptyTitle: 'No webhooks yet',
    emptyText: 'A webhook tells another program of an alert, within a second and signed.',
    name: 'Name',
    nameHint: 'What people choose it by in rules.',
    url: 'Address',
    urlHint: 'Begins with https:// or http:// and is reachable from the server.',
    urlError: 'Enter an address that begins with https:// or http://.',
    urlRefused: {
      malformed: 'This is no address.',
      notHttp: 'Enter an address that begins with https:// or http://.',
      credentials: 'Leave name and password out of the address: the signature proves who calls.',
      privateAddress:
        'This address lies in a private network. The server only calls public ones, so that nobody can reach inside through it.',
    },
    urlRefusedOther: 'The server does not call this address.',
    table: 'Webhooks by name',
    state: 'State',
    on: 'On',
    off: 'Off',
    actions: (name: string) => `Actions for ${name}`,
    edit: 'Change',
    test: 'Send a test',
    turnOff: 'Turn off',
    turnOn: 'Turn on',
    newSecret: 'New secret',
    remove: 'Delete',
    save: 'Save',
    cancel: 'Cancel',
    done: 'Done',
    addTitle: 'Add a webhook',
    editTitle: 'Change the webhook',
    secretTitle: 'Copy the secret now',
    secretText:
      'The receiver checks our signature with it. It is shown this once; if it is lost, make a new one.',
    secret: 'Secret',
    copySecret: 'Copy the secret',
    newSecretTitle: (name: string) => `New secret for ${name}`,
    newSecretText:
      'From now on messages are signed with the new secret. The receiver refuses them until it knows it.',
    newSecretConfirm: 'Make a new secret',
    removeTitle: (name: string) => `Delete ${name}`,
    removeText: (rules: number) =>
      rules === 0
        ? 'No rule uses it. What waits for it is not sent.'
        : rules === 1
          ? 'One rule tells it of alerts and will not any more. What waits for it is not sent.'
          : `${rules} rules tell it of alerts and will not any more. What waits for it is not sent.`,
    removeConfirm: 'Delete webhook',
    removed: 'Webhook deleted',
    turnedOff: 'Webhook turned off',
    turnedOn: 'Webhook turned on',
    saved: 'Webhook saved',
    failed: 'It was not changed',
    offHint: 'Nothing is sent while it is off.',
  },
};
