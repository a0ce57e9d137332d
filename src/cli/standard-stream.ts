// Standard output and error as places for text. A file, a pipe or the null device is written to directly: Node's stream
// objects, which cost a cached answer three milliseconds of start-up, are built only for a terminal or a busy pipe.
import * as fs from 'node:fs';

export interface TextSink {
  readonly isTTY: boolean;
  /** Only a terminal has them. */
  readonly columns: number;
  readonly rows: number;
  write(text: string): void;
  /** False while Node still writes in the background. */
  isWritten(): boolean;
}

export interface SinkOptions {
  fd: 1 | 2;
  /** Node's own stream on the same descriptor. */
  open(): NodeJS.WriteStream;
  /** Hears what a write failed with, once per failure, wherever it happened. */
  onError(error: NodeJS.ErrnoException): void;
}

/** Nothing is opened before the first write or question. */
export function createSink({ fd, open, onError }: SinkOptions): TextSink {
  let stream: NodeJS.WriteStream | undefined;
  let direct: boolean | undefined;

  function isDirect(): boolean {
    // Node's stream on a device that is no terminal (`/dev/full`) swallows what is written and says nothing.
    direct ??= isNoTerminal(fd) || (isDevice(fd) && !openStream().isTTY);
    return direct;
  }

  function openStream(): NodeJS.WriteStream {
    if (stream === undefined) {
      stream = open();
      stream.on('error', onError);
    }
    return stream;
  }

  function writeDirectly(text: string): void {
    const bytes = Buffer.from(text);
    let done = 0;
    try {
      while (done < bytes.length) done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        onError(error as NodeJS.ErrnoException);
        return;
      }
      // Another program has made the pipe non-blocking and it is full: Node's stream waits for the reader.
      direct = false;
      openStream().write(bytes.subarray(done));
    }
  }

  return {
    get isTTY() {
      return !isDirect() && openStream().isTTY;
    },
    get columns() {
      return openStream().columns;
    },
    get rows() {
      return openStream().rows;
    },
    write: (text) => {
      if (isDirect()) writeDirectly(text);
      else openStream().write(text);
    },
    isWritten: () => stream === undefined || stream.writableLength === 0,
  };
}

function isDevice(fd: number): boolean {
  try {
    return fs.fstatSync(fd).isCharacterDevice();
  } catch {
    // Node's own stream says what is wrong with the descriptor.
    return false;
  }
}

/** True for what certainly is none; asking the terminal layer itself loads it. */
function isNoTerminal(fd: number): boolean {
  try {
    const stats = fs.fstatSync(fd);
    if (!stats.isCharacterDevice()) return stats.isFile() || stats.isFIFO() || stats.isSocket();
    return stats.rdev === fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch {
    // Node's own stream says what is wrong with the descriptor.
    return false;
  }
}
