package dev.machine.provisioning.store;

/**
 * The names of the certificate and key files of a store. Docker's command line looks for the first
 * three by these names in {@code DOCKER_CERT_PATH}.
 */
public final class CertificateFiles {
    /** In {@code certs/}: the CAs that are trusted. */
    public static final String CA = "ca.pem";

    /** In {@code certs/}: the user's own certificate. */
    public static final String USER = "cert.pem";

    /** In {@code certs/}: the key of {@link #USER}. */
    public static final String USER_KEY = "key.pem";

    /** In {@code certs/}: the key of the CA that issues. */
    public static final String CA_KEY = "ca-key.pem";

    /** In {@code certs/} during a rotation: the key of the CA that issues next. */
    public static final String NEXT_CA_KEY = "ca-next-key.pem";

    /** In a master's folder: what its endpoint shows to clients. */
    public static final String ENDPOINT_SERVER = "server.pem";

    /** In a master's folder: the key of {@link #ENDPOINT_SERVER}. */
    public static final String ENDPOINT_SERVER_KEY = "server-key.pem";

    /** In a master's folder: what its endpoint shows to engines. */
    public static final String ENDPOINT_CLIENT = "client.pem";

    /** In a master's folder: the key of {@link #ENDPOINT_CLIENT}. */
    public static final String ENDPOINT_CLIENT_KEY = "client-key.pem";

    private CertificateFiles() {}
}
