package dev.machine.swarm.image;

import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Makes the source that {@code --image-table} names. */
final class ImageSources {
    private static final String FILE = "file:";

    private ImageSources() {}

    /**
     * @param file the store's images.yaml; null for none
     * @param table {@code file:PATH}, {@code redis://HOST[:PORT][/DB]}, or null for the store's
     * @throws MachineException (exit code 2) if it is neither
     */
    static ImageSource of(@Nullable Path file, @Nullable String table) {
        if (table != null && table.startsWith(FILE) && table.length() > FILE.length()) {
            return new FileSource(Path.of(table.substring(FILE.length())).toAbsolutePath());
        }
        ImageSource own = file == null ? new NoSource() : new FileSource(file);
        return table == null ? own : new RedisSource(own, redis(table));
    }

    private static URI redis(String table) {
        try {
            URI address = URI.create(table);
            if ("redis".equals(address.getScheme())
                    && address.getHost() != null
                    && address.getUserInfo() == null
                    && isDatabase(address.getPath())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // The error below covers this too.
        }
        throw new MachineException(
                "bad image table",
                "write --image-table file:PATH or redis://HOST:PORT/DB, without a password",
                ExitCode.USAGE);
    }

    /** Whether a path is empty, or a slash and a number. */
    private static boolean isDatabase(String path) {
        return path.isEmpty()
                || (path.length() <= 5
                        && path.charAt(0) == '/'
                        && path.chars().skip(1).allMatch(c -> c >= '0' && c <= '9'));
    }

    private record NoSource() implements ImageSource {
        @Override
        public ImageSettings now() {
            return ImageSettings.NONE;
        }

        @Override
        public @Nullable String error() {
            return null;
        }
    }
}
