package dev.machine.swarm.http;

/**
 * One request of a client. The body is read as it arrives; the cancellation fires when the client
 * has gone.
 *
 * @param share the memory that it may use
 * @param http10 whether the client speaks HTTP/1.0, which has no chunks
 */
public record Request(
        String method,
        RequestTarget target,
        Headers headers,
        RequestBody body,
        Cancellation cancellation,
        RequestMemory.Share share,
        boolean http10) {

    /** The same request with another body. */
    public Request with(RequestBody other) {
        return new Request(method, target, headers, other, cancellation, share, http10);
    }

    /** The same request under another target. */
    public Request at(RequestTarget other) {
        return new Request(method, other, headers, body, cancellation, share, http10);
    }
}
