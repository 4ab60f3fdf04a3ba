// All steps by name. The checker, the schema and the reference derive from these declarations.

import { scriptStep } from '../activator/script.ts';
import { aggregateStep } from '../aggregator/aggregate.ts';
import { compensateStep } from '../compensation/compensate.ts';
import { validateStep } from '../datatype/validate.ts';
import { delayStep } from '../delayer/delay.ts';
import { replyStep } from '../endpoint/reply.ts';
import { sendStep } from '../endpoint/send.ts';
import { callStep } from '../enricher/call.ts';
import { encodeStep } from '../envelope-wrapper/encode.ts';
import { filterStep } from '../filter/filter.ts';
import { setStep } from '../header/set.ts';
import { dedupeStep } from '../idempotent-receiver/dedupe.ts';
import { expireStep } from '../message-expiration/expire.ts';
import { trackStep } from '../message-history/track.ts';
import { decodeStep } from '../normalizer/decode.ts';
import { tryStep } from '../recovery/try.ts';
import { resequenceStep } from '../resequencer/resequence.ts';
import { recipientsStep } from '../router/recipients.ts';
import { routeStep } from '../router/route.ts';
import { slipStep } from '../router/slip.ts';
import { sequenceStep } from '../sequencer/sequence.ts';
import { splitStep } from '../splitter/split.ts';
import type { StepDefinition } from '../step/step.ts';
import { throttleStep } from '../throttler/throttle.ts';
import { mapStep } from '../translator/map.ts';

export const stepDefinitions: ReadonlyMap<string, StepDefinition> = new Map(
  [
    filterStep,
    mapStep,
    validateStep,
    decodeStep,
    encodeStep,
    setStep,
    trackStep,
    routeStep,
    recipientsStep,
    slipStep,
    splitStep,
    aggregateStep,
    resequenceStep,
    dedupeStep,
    callStep,
    sendStep,
    replyStep,
    sequenceStep,
    tryStep,
    compensateStep,
    delayStep,
    throttleStep,
    expireStep,
    scriptStep,
  ].map((step) => [step.name, step]),
);
