package dev.machine.swarm.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The body of a client's request. Opening it tells a client that waits for permission to send it
 * (RFC 9110, section 10.1.1).
 */
public interface RequestBody {
    long NONE = 0;
    long CHUNKED = -1;

    /** The length in bytes, {@link #NONE} or {@link #CHUNKED}. */
    long length();

    /** The content; a read fails if the upload is cut short. */
    InputStream open() throws IOException;

    /**
     * The whole content, within the time that a client has for a body.
     *
     * @param most the largest number of bytes
     * @throws HttpProblem 413 if there are more, 408 if they do not come in time
     */
    default byte[] whole(int most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pass(most, all);
        return all.toByteArray();
    }

    /**
     * Reads all of it and drops it, within the same limits.
     *
     * @param most the largest number of bytes
     */
    default void drop(int most) throws IOException {
        pass(most, OutputStream.nullOutputStream());
    }

    /** Copies all of it. */
    private void pass(int most, OutputStream out) throws IOException {
        if (length() > most) {
            throw tooLarge(most);
        }
        try (InputStream in = open()) {
            byte[] buffer = new byte[16 * 1024];
            int passed = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                passed += n;
                if (passed > most) {
                    throw tooLarge(most);
                }
                out.write(buffer, 0, n);
            }
        }
    }

    private static HttpProblem tooLarge(int most) {
        String size = most >= 1 << 20 ? (most >> 20) + " MiB" : (most >> 10) + " KiB";
        return new HttpProblem(413, "the body of this request is larger than " + size);
    }

    /** No body at all. */
    static RequestBody none() {
        return of(new byte[0]);
    }

    /** A body that is in memory. */
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
