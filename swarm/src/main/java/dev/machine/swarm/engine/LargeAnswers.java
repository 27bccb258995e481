package dev.machine.swarm.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Limits how many large answers of all engines are in memory at once. */
public final class LargeAnswers {
    private static final int SMALL_ANSWER_BYTES = 64 << 10;
    private static final int LARGE_AT_ONCE = 4;

    private final Semaphore places = new Semaphore(LARGE_AT_ONCE, true);

    /**
     * Reads all of an answer.
     *
     * @param patience how long a large answer waits for its turn
     * @throws TooLongException if it is longer than {@link LimitedJson#MAX_ANSWER}
     */
    byte[] read(InputStream in, Duration patience) throws IOException {
        byte[] start = in.readNBytes(SMALL_ANSWER_BYTES);
        if (start.length < SMALL_ANSWER_BYTES) {
            return start;
        }
        try {
            if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("too many engines answer at length at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the endpoint stops", e);
        }
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream(2 * SMALL_ANSWER_BYTES);
            all.write(start);
            all.write(in.readNBytes(LimitedJson.MAX_ANSWER - SMALL_ANSWER_BYTES + 1));
            if (all.size() > LimitedJson.MAX_ANSWER) {
                throw new TooLongException("the engine's answer is longer than 4 MiB");
            }
            return all.toByteArray();
        } finally {
            places.release();
        }
    }
}
