/**
 * Operations that only the coordinator of a group can carry out: it is looked up first, and again
 * when it is another one by now (Kafka: CoordinatorStrategy of the admin client).
 */
import type { RpcChannel, RpcReply } from '../../rpc/rpc-channel.ts';
import { type ApiSpec, apis } from '../../wire/apis.ts';
import { ErrorCode, errorName } from '../../wire/errors.ts';
import { findCoordinatorRequest } from '../../wire/generated/find-coordinator-request.ts';
import type { FindCoordinatorResponse } from '../../wire/generated/find-coordinator-response.ts';
import { type Operation, unanswered, type Verdict } from './operation.ts';

interface Parts<Req, Res> {
  readonly name: string;
  readonly group: string;
  readonly api: ApiSpec<Req, Res>;
  readonly hasEffect: boolean;
  request(version: number): Req;
  read(response: Res, coordinator: number): Verdict;
}

type Limits = { readonly timeoutMs: number };
type Ended = (verdict: Verdict) => void;

/** The first version that asks for several groups at once. */
const BATCHED_FIND_COORDINATOR = 4;

export class CoordinatorOperation<Req, Res> implements Operation {
  readonly name: string;
  /** The coordinator; null while it must be looked up. */
  broker: number | null = null;
  private readonly parts: Parts<Req, Res>;

  constructor(parts: Parts<Req, Res>) {
    this.name = parts.name;
    this.parts = parts;
  }

  send(channel: RpcChannel, limits: Limits, ended: Ended): void {
    if (this.broker === null) this.find(channel, limits, ended);
    else this.ask(channel, this.broker, limits, ended);
  }

  unreachable(): void {
    this.broker = null;
  }

  private find(channel: RpcChannel, limits: Limits, ended: Ended): void {
    const { group } = this.parts;
    const version = versionOn(channel, apis.FindCoordinator);
    const asked =
      version >= BATCHED_FIND_COORDINATOR ? { coordinatorKeys: [group] } : { key: group };
    const onReply = (reply: RpcReply<FindCoordinatorResponse>): void => {
      if (reply.kind !== 'response') return ended(unanswered(reply, false));
      const { errorCode, nodeId, errorMessage } = reply.body.coordinators[0] ?? reply.body;
      if (errorCode !== ErrorCode.NONE) {
        return ended(coordinatorError(errorCode) ?? refusal(errorCode, errorMessage));
      }
      this.broker = nodeId;
      ended({ kind: 'next' });
    };
    channel.send(apis.FindCoordinator, findCoordinatorRequest(asked), onReply, limits);
  }

  private ask(channel: RpcChannel, coordinator: number, limits: Limits, ended: Ended): void {
    const { api, hasEffect } = this.parts;
    const onReply = (reply: RpcReply<Res>): void => {
      const verdict =
        reply.kind === 'response'
          ? this.parts.read(reply.body, coordinator)
          : unanswered(reply, hasEffect);
      if (verdict.kind === 'retry') this.broker = null;
      ended(verdict);
    };
    channel.send(api, this.parts.request(versionOn(channel, api)), onReply, limits);
  }
}

/** The version that will be spoken on a ready channel. */
export function versionOn<Req, Res>(channel: RpcChannel, api: ApiSpec<Req, Res>): number {
  return channel.versionOf(api as unknown as ApiSpec<unknown, unknown>, api.maxVersion);
}

/** What an error means that is about the coordinator and not about the group; null: another one. */
export function coordinatorError(errorCode: number): Verdict | null {
  const isPassing =
    errorCode === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS ||
    errorCode === ErrorCode.COORDINATOR_NOT_AVAILABLE ||
    errorCode === ErrorCode.NOT_COORDINATOR;
  if (!isPassing) return null;
  return { kind: 'retry', problem: errorName(errorCode), mayHaveHappened: false };
}

export function refusal(errorCode: number, message: string | null = null): Verdict {
  return { kind: 'refused', error: errorName(errorCode), message: message ?? '' };
}
