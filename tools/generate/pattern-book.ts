// The patterns of "Enterprise Integration Patterns" (Hohpe and Woolf, 2003), by the book's chapters.

export interface Chapter {
  readonly number: number;
  readonly title: string;
  readonly patterns: readonly string[];
}

function chapter(number: number, title: string, patterns: string): Chapter {
  return { number, title, patterns: patterns.split(', ') };
}

/** All 65. Chapters 1, 6, 9, and those behind the eleventh hold no patterns of their own. */
export const chapters: readonly Chapter[] = [
  chapter(2, 'Integration Styles', 'File Transfer, Shared Database, Remote Procedure Invocation, Messaging'),
  chapter(
    3,
    'Messaging Systems',
    'Message Channel, Message, Pipes and Filters, Message Router, Message Translator, Message Endpoint',
  ),
  chapter(
    4,
    'Messaging Channels',
    'Point-to-Point Channel, Publish-Subscribe Channel, Datatype Channel, Invalid Message Channel, Dead Letter Channel, ' +
      'Guaranteed Delivery, Channel Adapter, Messaging Bridge, Message Bus',
  ),
  chapter(
    5,
    'Message Construction',
    'Command Message, Document Message, Event Message, Request-Reply, Return Address, Correlation Identifier, ' +
      'Message Sequence, Message Expiration, Format Indicator',
  ),
  chapter(
    7,
    'Message Routing',
    'Content-Based Router, Message Filter, Dynamic Router, Recipient List, Splitter, Aggregator, Resequencer, ' +
      'Composed Message Processor, Scatter-Gather, Routing Slip, Process Manager, Message Broker',
  ),
  chapter(
    8,
    'Message Transformation',
    'Envelope Wrapper, Content Enricher, Content Filter, Claim Check, Normalizer, Canonical Data Model',
  ),
  chapter(
    10,
    'Messaging Endpoints',
    'Messaging Gateway, Messaging Mapper, Transactional Client, Polling Consumer, Event-Driven Consumer, ' +
      'Competing Consumers, Message Dispatcher, Selective Consumer, Durable Subscriber, Idempotent Receiver, Service Activator',
  ),
  chapter(
    11,
    'System Management',
    'Control Bus, Detour, Wire Tap, Message History, Message Store, Smart Proxy, Test Message, Channel Purger',
  ),
];
