/** The principal that an Envelope carries (KIP-590). */
import { bool, data, string } from '../schema.ts';

export const defaultPrincipalData = data({
  name: 'DefaultPrincipalData',
  versions: '0',
  flexible: '0+',
  fields: {
    type: string('0+'),
    name: string('0+'),
    tokenAuthenticated: bool('0+'),
  },
});
