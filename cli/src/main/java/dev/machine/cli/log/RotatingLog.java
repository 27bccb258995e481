package dev.machine.cli.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Limits the log of a process that runs for months and whose standard error is a file. When the
 * file is full, it is copied to {@code FILE.1} and emptied. The file is not replaced, because this
 * process and its JVM have it open; it must have been opened for appending.
 */
public final class RotatingLog extends OutputStream {
    private static final long MAX_FILE_BYTES = 10L << 20;

    private final OutputStream below;
    private final Path file;
    private final long longest;
    private long length;

    RotatingLog(OutputStream below, Path file, long longest) throws IOException {
        this.below = below;
        this.file = file;
        this.longest = longest;
        this.length = Files.size(file);
    }

    /**
     * Starts to limit the file if it is standard error of this process; does nothing otherwise, as
     * on a terminal.
     *
     * @param file the file that {@code machine start} opened for the process
     */
    public static void over(Path file) {
        try {
            if (Files.isSameFile(Path.of("/proc/self/fd/2"), file)) {
                OutputStream below = new FileOutputStream(FileDescriptor.err);
                System.setErr(
                        new PrintStream(
                                new RotatingLog(below, file, MAX_FILE_BYTES),
                                false,
                                StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // There is no such file or no /proc, so the log is not limited here.
        }
    }

    @Override
    public synchronized void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
        if (length + count > longest) {
            rotate();
        }
        below.write(bytes, from, count);
        length += count;
    }

    @Override
    public void flush() throws IOException {
        below.flush();
    }

    /**
     * Empties the file even if the copy failed: old lines are lost, but a log without limit would
     * fill the disk.
     */
    private void rotate() throws IOException {
        try {
            Path copy = file.resolveSibling(file.getFileName() + ".new");
            Files.copy(
                    file,
                    copy,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
            Files.move(
                    copy,
                    file.resolveSibling(file.getFileName() + ".1"),
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Not reported, because this is the log.
        }
        length = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }
}
