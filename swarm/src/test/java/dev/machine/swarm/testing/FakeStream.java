package dev.machine.swarm.testing;

import dev.machine.swarm.http.RawStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** The engine's end of a raw stream, in memory: says what a test wants and keeps what it hears. */
public final class FakeStream implements RawStream {
    private static final byte[] END = new byte[0];
    private static final byte[] BREAK = new byte[0];

    private final BlockingQueue<byte[]> said = new ArrayBlockingQueue<>(4);
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch inputEnded = new CountDownLatch(1);

    /** Waits while the reader does not keep up. */
    public FakeStream say(byte[] bytes) throws InterruptedException {
        said.put(bytes);
        return this;
    }

    public FakeStream say(String text) throws InterruptedException {
        return say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** How many pieces have not been read. */
    public int unread() {
        return said.size();
    }

    public void end() throws InterruptedException {
        said.put(END);
    }

    public void breakOff() throws InterruptedException {
        said.put(BREAK);
    }

    /** Waits until a text has come; returns all that has come since the last call. */
    public String hear(int length) throws InterruptedException {
        StringBuilder all = new StringBuilder();
        while (all.length() < length) {
            all.append(heard.take());
        }
        return all.toString();
    }

    public void awaitInputEnd() throws InterruptedException {
        inputEnded.await();
    }

    public boolean inputEnded() {
        return inputEnded.getCount() == 0;
    }

    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    @Override
    public InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("read in pieces");
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                byte[] piece = piece();
                if (piece == BREAK) {
                    throw new IOException("engine gone");
                }
                System.arraycopy(piece, 0, b, off, piece.length);
                return piece == END ? -1 : piece.length;
            }
        };
    }

    private byte[] piece() throws IOException {
        try {
            return said.take();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] b, int off, int len) {
                heard.add(new String(b, off, len, StandardCharsets.ISO_8859_1));
            }
        };
    }

    @Override
    public void endOut() {
        inputEnded.countDown();
    }

    @Override
    public void close() {
        closed.countDown();
        said.clear();
        said.add(BREAK);
    }
}
