package dev.machine.swarm.http;

import java.net.URI;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpRequestFactory;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/**
 * A request that keeps its target as it came. HttpCore would change it: {@code //a/b} becomes
 * {@code /b} with a host called a, and what follows a {@code #} is dropped.
 */
final class RawRequest extends BasicClassicHttpRequest {
    private static final long serialVersionUID = 1L;

    private final String target;

    RawRequest(String method, String target) {
        super(method, "/");
        this.target = target;
    }

    @Override
    public String getPath() {
        return target;
    }

    static final class Factory implements HttpRequestFactory<ClassicHttpRequest> {
        @Override
        public ClassicHttpRequest newHttpRequest(String method, String target) {
            return new RawRequest(method, target);
        }

        @Override
        public ClassicHttpRequest newHttpRequest(String method, URI target) {
            return new RawRequest(method, target.toString());
        }
    }
}
