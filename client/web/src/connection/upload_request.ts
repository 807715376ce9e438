// SPDX-License-Identifier: GPL-3.0-or-later
// One request with a large body, whose progress is told: fetch can't do that, XMLHttpRequest can.
import { BerthError } from './berth_error';
import { t } from '../model/translation';

export interface UploadOptions {
  signal?: AbortSignal;
  /** Bytes that the browser has handed to the network. */
  on_sent?: (bytes: number) => void;
}

export type SendUpload = (method: string, address: string, body: Blob, options: UploadOptions) => Promise<Response>;

/** Rejects with `unavailable` when the connection breaks and with `cancelled` when the signal aborts. */
export const send_upload: SendUpload = (method, address, body, { signal, on_sent }) =>
  new Promise((resolve, reject) => {
    const cancelled = () => reject(new BerthError('cancelled', t('The upload was cancelled.')));
    if (signal?.aborted) return cancelled();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort);
    request.upload.onprogress = (event) => on_sent?.(event.loaded);
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status }));
    request.onerror = () => reject(interrupted());
    request.onabort = cancelled;
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    request.open(method, address);
    request.setRequestHeader('Accept', 'application/json');
    request.send(body);
  });

function interrupted(): BerthError {
  return new BerthError(
    'unavailable',
    t('The upload was interrupted. Check the network, and that the files are still as you chose them, and try again.'),
  );
}
