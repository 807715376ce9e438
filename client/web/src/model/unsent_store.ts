// SPDX-License-Identifier: GPL-3.0-or-later
// Where this browser keeps typed text that no runner has acknowledged: IndexedDB, which has room for long texts and lives
// on when the tab, or the browser, dies. Nothing about documents here, but for what is written.
import type { Run } from '../protocol/text_operation';
import { t } from './translation';

/** One document's typed text as it is kept; what it was typed over is a record of its own (it is long and changes rarely). */
export interface UnsentRecord {
  /** Key. Random, of one document in one window; its operations are named by it. */
  author: string;
  /** Account and workspace. */
  scope: string;
  /** Whose it is while that window lives. */
  window: string;
  path: string;
  document: string;
  base_version: number;
  /** From the text of the base record to the base. */
  base_change: Run[] | undefined;
  in_flight: { operation: Run[]; sent: Run[]; operation_id: string; base_version: number } | undefined;
  waiting: Run[] | undefined;
  offline_since: number | undefined;
  kept_at: number; // ms
}

/** Each promise means: it stands on this device's disk, or it rejects. They come to pass in the order asked for. */
export interface UnsentStore {
  /**
   * `base`: the text that `base_change` applies to, when that is a new one. `replaces`: the author whose record goes in the
   * same step, as the text goes on under another one.
   */
  put(record: UnsentRecord, base: string | undefined, replaces?: string): Promise<void>;
  remove(author: string): Promise<void>;
  all(scope: string): Promise<UnsentRecord[]>;
  base(author: string): Promise<string | undefined>;
}

const records = 'records';
const bases = 'bases';

export class IndexedUnsentStore implements UnsentStore {
  private database_: Promise<IDBDatabase> | undefined;
  private open_: IDBDatabase | undefined; // as soon as it is: a page that goes can't wait for a promise

  put(record: UnsentRecord, base: string | undefined, replaces?: string): Promise<void> {
    return this.change((transaction) => {
      if (replaces !== undefined) discard(transaction, replaces);
      transaction.objectStore(records).put(record);
      if (base !== undefined) transaction.objectStore(bases).put(base, record.author);
    });
  }

  remove(author: string): Promise<void> {
    return this.change((transaction) => discard(transaction, author));
  }

  async all(scope: string): Promise<UnsentRecord[]> {
    return (await this.everything()).filter((record) => record.scope === scope);
  }

  /** Of all accounts and workspaces. */
  everything(): Promise<UnsentRecord[]> {
    return this.read<UnsentRecord[]>(records, (store) => store.getAll());
  }

  base(author: string): Promise<string | undefined> {
    return this.read<string | undefined>(bases, (store) => store.get(author));
  }

  private async change(act: (transaction: IDBTransaction) => void): Promise<void> {
    const database = this.open_ ?? (await this.database());
    return new Promise((resolve, reject) => {
      const transaction = database.transaction([records, bases], 'readwrite', { durability: 'strict' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(reason_of(transaction.error));
      try {
        act(transaction);
      } catch (error) {
        transaction.abort(); // what it was asked so far must not stand alone
        throw error;
      }
      transaction.commit(); // at once: the page may be going
    });
  }

  private async read<Value>(name: string, ask: (store: IDBObjectStore) => IDBRequest): Promise<Value> {
    const database = await this.database();
    return new Promise((resolve, reject) => {
      const request = ask(database.transaction(name, 'readonly').objectStore(name));
      request.onsuccess = () => resolve(request.result as Value);
      request.onerror = () => reject(reason_of(request.error));
    });
  }

  private database(): Promise<IDBDatabase> {
    this.database_ ??= this.open().catch((error: unknown) => {
      this.database_ = undefined; // the next one who asks tries again
      throw error;
    });
    return this.database_;
  }

  private open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open('berth.unsent', 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(records, { keyPath: 'author' });
        request.result.createObjectStore(bases);
      };
      request.onblocked = () => reject(new Error(t('Another page of Berth holds an older store.')));
      request.onerror = () => reject(reason_of(request.error));
      request.onsuccess = () => {
        const database = request.result;
        const forget = () => {
          this.database_ = undefined;
          this.open_ = undefined;
        };
        database.onversionchange = () => {
          database.close();
          forget();
        };
        database.onclose = forget; // the browser took it, as when its data is cleared
        this.open_ = database;
        resolve(database);
      };
    });
  }
}

function discard(transaction: IDBTransaction, author: string): void {
  transaction.objectStore(records).delete(author);
  transaction.objectStore(bases).delete(author);
}

function reason_of(error: DOMException | null): Error {
  return error ?? new Error(t('This browser kept nothing.'));
}

/** Undefined where the browser has none at all. */
export function browser_unsent_store(): UnsentStore | undefined {
  return 'indexedDB' in globalThis ? new IndexedUnsentStore() : undefined;
}
