package dev.machine.driver.digitalocean;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.machine.common.MachineException;
import dev.machine.common.Printable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpStatus;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.utils.URIBuilder;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.HttpContext;

/**
 * Sends every request of the client library, which accepts an HTTP client of ours. The library
 * itself knows only one host, has no time-outs, never repeats a request, does not know Retry-After
 * and cannot read some of today's answers.
 */
final class HttpTransport extends CloseableHttpClient {
    private static final int MAX_ATTEMPTS = 4;
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);
    private static final int MAX_CONNECTIONS = 16;

    /** A page of 200 droplets has about 1 MB. */
    private static final int MAX_ANSWER_BYTES = 16 << 20;

    /** The maximum of DigitalOcean; the library would ask for 25. */
    private static final String PAGE_SIZE = "200";

    private final URI base;
    private final DriverClock time;
    private final RateLimiter rateLimiter;
    private final CloseableHttpClient transport;

    /**
     * @param base scheme, host, port and perhaps a path, to which {@code /v2/…} is added
     * @param connect how long a connection may take
     * @param read how long the API may be silent
     */
    HttpTransport(URI base, DriverClock time, Duration connect, Duration read) {
        this.base = base;
        this.time = time;
        this.rateLimiter = new RateLimiter(time);
        this.transport =
                HttpClients.custom()
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectTimeout(Math.toIntExact(connect.toMillis()))
                                        .setSocketTimeout(Math.toIntExact(read.toMillis()))
                                        .setConnectionRequestTimeout(
                                                Math.toIntExact(MAX_WAIT.toMillis()))
                                        .build())
                        .setMaxConnPerRoute(MAX_CONNECTIONS)
                        .setMaxConnTotal(MAX_CONNECTIONS)
                        .disableAutomaticRetries()
                        // A redirect would send the token to another host.
                        .disableRedirectHandling()
                        .disableCookieManagement()
                        .build();
    }

    @Override
    protected CloseableHttpResponse doExecute(
            HttpHost target, HttpRequest request, HttpContext context) throws IOException {
        HttpUriRequest call = rebased((HttpUriRequest) request);
        String name = call.getMethod() + " " + call.getURI().getPath();
        // A repeated POST could buy a second droplet.
        boolean repeatable = !call.getMethod().equals("POST");
        Instant end = time.now().plus(MAX_WAIT);
        for (int attempt = 1; ; attempt++) {
            rateLimiter.take();
            boolean again = repeatable && attempt < MAX_ATTEMPTS;
            Duration wait = Duration.ofSeconds(1L << Math.min(attempt - 1, 5));
            try {
                CloseableHttpResponse response = transport.execute(call);
                int status = response.getStatusLine().getStatusCode();
                String body = body(response, end);
                if (status < 300) {
                    return readable(response, body);
                }
                response.close();
                Duration asked = retryAfter(response, wait);
                if (status == Rejected.TOO_MANY && !time.now().plus(asked).isAfter(end)) {
                    rateLimiter.holdUntil(time.now().plus(asked));
                } else if (status >= 500 && again && !time.now().plus(asked).isAfter(end)) {
                    time.pause(asked);
                } else {
                    throw failure(status, name, body);
                }
            } catch (IOException e) {
                if (!again) {
                    throw new NoAnswer(name, reason(e), e);
                }
                time.pause(wait);
            }
        }
    }

    private static CloseableHttpResponse readable(CloseableHttpResponse response, String body) {
        // The library makes an answer itself if there is no body.
        if (response.getStatusLine().getStatusCode() != HttpStatus.SC_NO_CONTENT) {
            String patched =
                    ResponsePatch.apply(body)
                            .orElseThrow(() -> DigitalOceanApi.notUnderstood(null));
            response.setEntity(new StringEntity(patched, ContentType.APPLICATION_JSON));
        }
        return response;
    }

    private static MachineException failure(int status, String name, String body) {
        String reason = message(body);
        return status >= 500
                ? new NoAnswer(
                        name, "it has an error of its own, %d %s".formatted(status, reason), null)
                : new Rejected(status, name, reason);
    }

    private HttpUriRequest rebased(HttpUriRequest request) throws IOException {
        try {
            URIBuilder uri = new URIBuilder(request.getURI());
            uri.setScheme(base.getScheme()).setHost(base.getHost()).setPort(base.getPort());
            uri.setPath(base.getPath() + request.getURI().getPath());
            if (request.getMethod().equals("GET")) {
                uri.setParameter("per_page", PAGE_SIZE);
            }
            return RequestBuilder.copy(request).setUri(uri.build()).build();
        } catch (URISyntaxException e) {
            throw new IOException("not a URL: " + e.getInput(), e);
        }
    }

    /** The whole body, within the limits of length and time. */
    private String body(CloseableHttpResponse response, Instant end) throws IOException {
        if (response.getEntity() == null) {
            return "";
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        InputStream in = response.getEntity().getContent();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            body.write(buffer, 0, n);
            if (body.size() > MAX_ANSWER_BYTES || time.now().isAfter(end)) {
                // Closing the stream would read on to its end.
                response.close();
                throw new IOException(
                        body.size() > MAX_ANSWER_BYTES
                                ? "its answer is longer than 16 MB"
                                : "its answer does not come to an end");
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    /** Seconds, as DigitalOcean sends them; anything else is ignored. */
    private static Duration retryAfter(CloseableHttpResponse response, Duration otherwise) {
        Header header = response.getFirstHeader("Retry-After");
        String text = header == null ? "" : header.getValue().strip();
        return text.matches("[0-9]{1,6}")
                ? Duration.ofSeconds(Math.max(1, Long.parseLong(text)))
                : otherwise;
    }

    private static String message(String body) {
        try {
            JsonObject root = JsonParser.parseString(body).getAsJsonObject();
            return Printable.line(root.get("message").getAsString());
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException e) {
            // The page of a proxy, or an empty body.
            return "without a reason";
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }

    @Override
    @Deprecated
    public HttpParams getParams() {
        return transport.getParams();
    }

    @Override
    @Deprecated
    public ClientConnectionManager getConnectionManager() {
        return transport.getConnectionManager();
    }
}
