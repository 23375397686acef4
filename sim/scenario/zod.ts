/**
 * zod as the whole project uses it: without its compiler, which makes code from text. The page
 * runs under a Content-Security-Policy that forbids that, and even the attempt is reported. It
 * has to be switched off before the first schema is made, hence this door.
 */
import { z } from 'zod';

z.config({ jitless: true });

export { z };
