/**
 * UpdateFeatures (KIP-584; Kafka: FeatureControlManager): raises or lowers finalized feature
 * levels, all of a request or none. Turning eligible leader replicas on first makes
 * `min.insync.replicas` a setting of the cluster (KIP-966). Records are written for one
 * metadata.version only, so that one can be confirmed and not changed.
 */
import {
  ELIGIBLE_LEADER_REPLICAS,
  KRAFT_VERSION,
  METADATA_VERSION,
  METADATA_VERSION_LEVEL,
  supportedFeatures,
} from '../metadata/features.ts';
import type { MetadataImage } from '../metadata/image.ts';
import { ErrorCode } from '../wire/errors.ts';
import type {
  FeatureUpdateKey,
  UpdateFeaturesRequest,
} from '../wire/generated/update-features-request.ts';
import {
  type UpdateFeaturesResponse,
  updatableFeatureResult,
  updateFeaturesResponse,
} from '../wire/generated/update-features-response.ts';
import { type MetadataRecord, metadataRecord } from '../wire/metadata-records.ts';
import type { ConfigControl } from './config-control.ts';
import { type ControllerResult, readOnly } from './controller-result.ts';

/** FeatureUpdate.UpgradeType. */
const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;
const UNSAFE_DOWNGRADE = 3;

/** What it takes of a Controller. */
export interface FeatureHolder {
  readonly image: MetadataImage;
  readonly configs: ConfigControl;
  /** The quorum's own feature: @returns why not; null: it is written. */
  upgradeKRaftVersion(level: number, validateOnly: boolean): string | null;
}

export function updateFeatures(
  holder: FeatureHolder,
  request: UpdateFeaturesRequest,
  apiVersion: number,
): ControllerResult<UpdateFeaturesResponse> {
  const { image, configs } = holder;
  const records: MetadataRecord[] = [];
  for (const update of request.featureUpdates) {
    const { feature, maxVersionLevel } = update;
    const isQuorums = feature === KRAFT_VERSION;
    const problem = isQuorums
      ? holder.upgradeKRaftVersion(maxVersionLevel, request.validateOnly)
      : problemWith(image, update, upgradeType(update, apiVersion));
    if (problem !== null) {
      const what = `Invalid update version ${maxVersionLevel} for feature ${feature}.`;
      const errorMessage = `${what} ${problem}`;
      const errorCode = ErrorCode.INVALID_UPDATE_VERSION;
      return readOnly(updateFeaturesResponse({ errorCode, errorMessage }));
    }
    if (isQuorums) {
      // It is no metadata record; the answer waits for the commit of what comes behind it.
      records.push(metadataRecord('NoOpRecord', {}));
      continue;
    }
    const enablesElr = feature === ELIGIBLE_LEADER_REPLICAS && maxVersionLevel > 0;
    if (enablesElr) for (const record of configs.elrSafetyRecords()) records.push(record);
    const level = { name: feature, featureLevel: maxVersionLevel };
    records.push(metadataRecord('FeatureLevelRecord', level));
  }
  const results = request.featureUpdates.map(({ feature }) =>
    updatableFeatureResult({ feature, errorMessage: null }),
  );
  const response = updateFeaturesResponse({ errorMessage: null, results });
  return { records: request.validateOnly ? [] : records, response, why: 'feature' };
}

function upgradeType(update: FeatureUpdateKey, apiVersion: number): number {
  if (apiVersion > 0) return update.upgradeType;
  return update.allowDowngrade ? SAFE_DOWNGRADE : UPGRADE;
}

function problemWith(image: MetadataImage, update: FeatureUpdateKey, type: number): string | null {
  const { feature, maxVersionLevel: level } = update;
  if (type < UPGRADE || type > UNSAFE_DOWNGRADE) {
    return 'The controller does not support the given upgrade type.';
  }
  if (level < 0) return 'A feature version cannot be less than 0.';
  const unsupported = whoCannot(image, feature, level);
  if (unsupported !== null) return unsupported;
  const current = image.featureLevel(feature);
  if (level < current && type === UPGRADE) {
    const without = 'without setting the upgrade type to either safe or unsafe downgrade.';
    return `Can't downgrade the version of this feature ${without}`;
  }
  if (level > current && type !== UPGRADE) return "Can't downgrade to a newer version.";
  if (feature !== METADATA_VERSION || level === current) return null;
  if (level > current)
    return `Only metadata.version ${METADATA_VERSION_LEVEL} can be written here.`;
  return 'Refusing to perform the requested downgrade because it might delete metadata information.';
}

function whoCannot(image: MetadataImage, feature: string, level: number): string | null {
  const here = supportedFeatures.find((one) => one.name === feature);
  const local = notSupported('Local controller', level, here);
  if (local !== null) return local;
  for (const broker of image.brokers.values()) {
    const there = broker.features.find((one) => one.name === feature);
    const problem = notSupported(`Broker ${broker.id}`, level, there);
    if (problem !== null) return problem;
  }
  return null;
}

function notSupported(
  who: string,
  level: number,
  range: { minSupportedVersion: number; maxSupportedVersion: number } | undefined,
): string | null {
  const { minSupportedVersion: min, maxSupportedVersion: max } = range ?? {
    minSupportedVersion: 0,
    maxSupportedVersion: 0,
  };
  if (level >= min && level <= max) return null;
  if (max === 0) return `${who} does not support this feature.`;
  return `${who} only supports versions ${min}-${max}`;
}
