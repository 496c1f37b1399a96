/** Texts of the consoles: incoming documents, gallery. */
export const consoles = {
  incoming: {
    title: 'Incoming documents',
    intro:
      'The patient of these documents is not yet known. Check the candidates and link each to the right record.',
    emptyTitle: 'Nothing to check',
    emptyBody:
      'Documents from hospital systems whose patient could not be decided automatically will appear here.',
    none: 'No candidate. Register the patient first and they will appear here.',
    link: 'Link to this record',
    linkTitle: (name: string) => `Link to the record of ${name}?`,
    linkBody:
      'The whole care team will be able to read the document. Check the name and date of birth once more.',
    linkSubmit: 'Link',
    onDocument: 'On the document',
    candidate: 'Candidates',
    received: (at: string, by: string) => `received ${at}, ${by}`,
  },
  gallery: { title: 'Component gallery', intro: 'Every component in every state.' },
};
