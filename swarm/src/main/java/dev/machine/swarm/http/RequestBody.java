package dev.machine.swarm.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What a client uploads. Opening it tells a client that waits for permission to go on (RFC 9110,
 * section 10.1.1).
 */
public interface RequestBody {
    long NONE = 0;
    long CHUNKED = -1;

    /** Bytes, {@link #NONE} or {@link #CHUNKED}. */
    long length();

    /** The bytes; a read fails when the upload is cut short. */
    InputStream open() throws IOException;

    /**
     * All of it, within the time that a client has for a body.
     *
     * @param most bytes
     * @throws HttpProblem 413 if there are more, 408 if they do not come in time
     */
    default byte[] whole(int most) throws IOException {
        if (length() > most) {
            throw tooLarge(most);
        }
        byte[] bytes;
        try (InputStream in = open()) {
            bytes = in.readNBytes(most + 1);
        }
        if (bytes.length > most) {
            throw tooLarge(most);
        }
        return bytes;
    }

    private static HttpProblem tooLarge(int most) {
        return new HttpProblem(
                413, "the body of this request is larger than " + (most >> 20) + " MiB");
    }

    /** No body at all. */
    static RequestBody none() {
        return of(new byte[0]);
    }

    /** A body that is there, as JSON of our own is. */
    static RequestBody of(byte[] content) {
        return new RequestBody() {
            @Override
            public long length() {
                return content.length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content);
            }
        };
    }
}
