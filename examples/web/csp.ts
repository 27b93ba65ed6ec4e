/**
 * What the built site may do: load its own files, and talk to its own origin. No inline script, no
 * inline style, no other host: so whoever manages to put markup into a page runs nothing with it,
 * and has nowhere to send a token.
 */
export const policy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  // Nothing in here makes scripts or markup out of text, the libraries neither: so nothing can.
  'require-trusted-types-for': "'script'",
};

const written = (directives: Record<string, string>) =>
  Object.entries(directives)
    .map((directive) => directive.join(' '))
    .join('; ');

/** For a `<meta>`, which counts wherever the files are put. */
export const forMeta = written(policy);

/** For the header of a server, which can also forbid framing. */
export const forHeader = written({ ...policy, 'frame-ancestors': "'none'" });
