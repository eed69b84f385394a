/** Sentences of the moment before it is known who is here. */
export const session = {
  restoring: 'Opening the control center',
  failedTitle: 'The control center did not open',
  failedText: 'The server does not answer. Nothing is lost: positions keep coming in.',
};
