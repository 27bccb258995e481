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
