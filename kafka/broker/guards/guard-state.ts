/** What guards of a broker look at besides the request. */
import type { BrokerConfig } from '../../config/broker.ts';
import type { MetadataImage } from '../../metadata/image.ts';

export interface GuardState {
  readonly image: MetadataImage;
  readonly config: BrokerConfig;
}
