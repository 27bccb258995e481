package dev.machine.common;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files so that they are whole or absent: written under a hidden temporary name in the same
 * directory, synced to the disk, then renamed over the old one (POSIX {@code rename(2)} is atomic),
 * and the directory synced after it. A full disk or a killed process leaves the old file as it was.
 */
public final class AtomicFiles {
    /** Mode 0600: only the owner may read it. */
    public static final String PRIVATE = "rw-------";

    /** Mode 0644: everybody may read it. */
    public static final String PUBLIC = "rw-r--r--";

    /** The texts of strerror(3) for ENOSPC and EDQUOT; the launchers set an English locale. */
    private static final List<String> DISK_FULL_TEXTS =
            List.of("No space left on device", "Disk quota exceeded");

    /** The limit of {@link #read(Path)}, in bytes: no file of the store is longer. */
    public static final int MAX_BYTES = 1 << 20;

    private AtomicFiles() {}

    /**
     * Writes or replaces a file.
     *
     * @param permissions as {@code rw-------}; they are set before the first byte is written
     * @throws MachineException if the file cannot be written; then nothing of it remains
     */
    public static void write(Path file, byte[] content, String permissions) {
        Path directory = requireNonNull(file.toAbsolutePath().getParent(), "the root is no file");
        Path temporary =
                directory.resolve(
                        "."
                                + file.getFileName()
                                + "."
                                + Long.toHexString(ThreadLocalRandom.current().nextLong()));
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString(permissions)))) {
                // The umask may have removed permissions that were asked for.
                Files.setPosixFilePermissions(
                        temporary, PosixFilePermissions.fromString(permissions));
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        } catch (IOException e) {
            delete(temporary);
            throw new MachineException("cannot write " + file + ": " + reason(e), e);
        }
    }

    /** Writes or replaces a text file in UTF-8. */
    public static void write(Path file, String content, String permissions) {
        write(file, content.getBytes(StandardCharsets.UTF_8), permissions);
    }

    /**
     * Reads a file that others may have written or replaced. Only regular files are read, because a
     * FIFO or a device may never end, and only up to {@link #MAX_BYTES}. Links are followed.
     *
     * @throws IOException if it does not exist, cannot be read, is no regular file or is too long;
     *     {@link #reason} says which
     */
    public static byte[] read(Path file) throws IOException {
        return read(file, MAX_BYTES);
    }

    /** The same with a limit in bytes. */
    public static byte[] read(Path file, int maxBytes) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "it is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
                throw new FileSystemException(
                        file.toString(), null, "it is longer than " + (maxBytes >> 10) + " kB");
            }
            return content;
        }
    }

    /**
     * Reads a text file in UTF-8, by the rules of {@link #read}.
     *
     * @throws MachineException if it cannot be read
     */
    public static String text(Path file) {
        try {
            return new String(read(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + reason(e), e);
        }
    }

    /** Creates a directory and its parents, each with mode 0700; existing ones are not changed. */
    public static void privateDirectory(Path directory) {
        try {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new MachineException(
                    "cannot create the directory " + directory + ": " + reason(e), e);
        }
    }

    /** Whether something could not be written because the disk or the user's quota is full. */
    public static boolean noRoom(MachineException e) {
        return e.getCause() instanceof IOException io
                && DISK_FULL_TEXTS.stream().anyMatch(reason(io)::contains);
    }

    /** The reason in the words of the operating system, without Java's class names. */
    public static String reason(IOException e) {
        if (e instanceof FileSystemException f) {
            String reason = f.getReason();
            return reason != null
                    ? reason
                    : switch (f) {
                        case NoSuchFileException x -> "no such file or directory";
                        case AccessDeniedException x -> "permission denied";
                        case FileAlreadyExistsException x -> "a file of this name is in the way";
                        default -> f.getClass().getSimpleName();
                    };
        }
        if (e instanceof UnknownHostException) {
            // Java's message is the name alone.
            return "no name server knows " + e.getMessage();
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : Printable.line(message);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
