package dev.machine.provisioning.node;

/**
 * The init script {@code /etc/init.d/docker} of Debian's packages, with the links of update-rc.d.
 */
public record SysVinit() implements ServiceManager {
    private static final String LOG = "/var/log/machine-restart.log";

    @Override
    public String name() {
        return "sysvinit";
    }

    @Override
    public String isThere() {
        return "[ -d /etc/init.d ] && command -v update-rc.d >/dev/null 2>&1";
    }

    /** Nothing to do: the init script is read at every start. */
    @Override
    public String reloadFiles() {
        return ":";
    }

    @Override
    public String stop() {
        return "service docker stop </dev/null >%s 2>&1".formatted(LOG);
    }

    @Override
    public String restart() {
        return "service docker restart </dev/null >%1$s 2>&1 || service docker start </dev/null >>%1$s 2>&1"
                .formatted(LOG);
    }

    @Override
    public String enable() {
        return "update-rc.d docker defaults >/dev/null; update-rc.d docker enable >/dev/null";
    }

    @Override
    public String disable() {
        return "update-rc.d docker disable >/dev/null 2>&1 || true";
    }

    @Override
    public String isEnabled() {
        return "if ls /etc/rc2.d/S*docker >/dev/null 2>&1; then echo enabled; fi";
    }

    @Override
    public String whyItFailed(String seconds, String bytes) {
        return "{ tail -c +$((%s + 1)) /var/log/docker.log; cat %s; } 2>/dev/null | tail -n 40 || true"
                .formatted(bytes, LOG);
    }

    @Override
    public boolean startsAgain() {
        return false;
    }
}
