package dev.machine.swarm;

import dev.machine.common.MachineException;
import dev.machine.common.Pem;
import dev.machine.swarm.discovery.PemFiles;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TLS context of three PEM files that may be replaced while it is used: each new connection takes
 * what they hold then. If they cannot be used, as while only one of two has been replaced, the last
 * context stays in use.
 */
final class TlsFiles implements Supplier<SSLContext> {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private final PemFiles files;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Loaded loaded;

    /** The context of the files as they were at these times of modification. */
    private record Loaded(List<Long> changed, SSLContext context) {}

    /**
     * @throws MachineException if the files cannot be used
     */
    TlsFiles(PemFiles files) {
        this.files = files;
        this.loaded = new Loaded(changed(), context());
    }

    @Override
    public SSLContext get() {
        Loaded known = loaded;
        return known.changed.equals(changed()) ? known.context : renewed();
    }

    private SSLContext renewed() {
        lock.lock();
        try {
            List<Long> changed = changed();
            if (!loaded.changed.equals(changed)) {
                loaded = new Loaded(changed, load());
            }
            return loaded.context;
        } finally {
            lock.unlock();
        }
    }

    private SSLContext load() {
        try {
            SSLContext context = context();
            LOG.info("{}, its key or its CA was replaced", files.cert());
            return context;
        } catch (MachineException e) {
            LOG.warn("the last certificates stay in use: {}", e.sentence());
            return loaded.context;
        }
    }

    private SSLContext context() {
        return Pem.context(files.ca(), files.cert(), files.key());
    }

    private List<Long> changed() {
        return Stream.of(files.ca(), files.cert(), files.key())
                .map(file -> file.toFile().lastModified())
                .toList();
    }
}
