package dev.machine.driver.digitalocean;

import com.google.gson.JsonParseException;
import com.myjeeva.digitalocean.common.ActionType;
import com.myjeeva.digitalocean.common.DropletStatus;
import com.myjeeva.digitalocean.exception.DigitalOceanException;
import com.myjeeva.digitalocean.exception.RequestUnsuccessfulException;
import com.myjeeva.digitalocean.impl.DigitalOceanClient;
import com.myjeeva.digitalocean.pojo.Droplet;
import com.myjeeva.digitalocean.pojo.Image;
import com.myjeeva.digitalocean.pojo.Images;
import com.myjeeva.digitalocean.pojo.Key;
import com.myjeeva.digitalocean.pojo.Network;
import com.myjeeva.digitalocean.pojo.Region;
import com.myjeeva.digitalocean.pojo.Regions;
import com.myjeeva.digitalocean.pojo.Size;
import com.myjeeva.digitalocean.pojo.Sizes;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * DigitalOcean's API as this driver needs it. Exceptions of the client library end here; errors are
 * {@link Rejected}, {@link NoAnswer}, or a plain {@link MachineException} when an answer is not
 * understood.
 */
final class DigitalOceanApi {
    private static final int MAX_PAGES = 100;
    private static final int PAGE_SIZE = 200;

    private final DigitalOceanClient client;
    private final ReentrantLock offersLock = new ReentrantLock();
    private @Nullable Offers offers;

    DigitalOceanApi(String token, HttpTransport transport) {
        client = new DigitalOceanClient("v2", token, transport);
    }

    /** What DigitalOcean offers; read once for all machines of one command. */
    record Offers(List<Region> regions, List<Size> sizes, List<Image> distributions) {}

    /**
     * A droplet.
     *
     * @param address its public IPv4 address; empty until it has one
     */
    record Box(int id, String name, DropletStatus status, Optional<String> address) {}

    Offers offers() {
        offersLock.lock();
        try {
            Offers known = offers;
            if (known == null) {
                known =
                        new Offers(
                                all(client::getAvailableRegions, DigitalOceanApi::complete),
                                all(client::getAvailableSizes, DigitalOceanApi::complete),
                                all(
                                        page ->
                                                client.getAvailableImages(
                                                        page, PAGE_SIZE, ActionType.DISTRIBUTION),
                                        Images::getImages));
                offers = known;
            }
            return known;
        } finally {
            offersLock.unlock();
        }
    }

    /** An image by its slug, or by its number (a snapshot). */
    Optional<Image> image(String slugOrNumber) {
        return present(
                () ->
                        slugOrNumber.matches("[0-9]{1,9}")
                                ? client.getImageInfo(Integer.valueOf(slugOrNumber))
                                : client.getImageInfo(slugOrNumber));
    }

    boolean hasKey(String fingerprint) {
        return present(() -> client.getKeyInfo(fingerprint)).isPresent();
    }

    /** Adds a public key to the account; it is no error if the account has it already. */
    void addKey(String name, String authorizedKey, String fingerprint) {
        try {
            call(
                    () -> {
                        Key key = new Key();
                        key.setName(name);
                        key.setPublicKey(authorizedKey);
                        return client.createKey(key);
                    });
        } catch (Rejected | NoAnswer e) {
            if (!hasKey(fingerprint)) {
                throw e;
            }
        }
    }

    void removeKey(String fingerprint) {
        present(() -> client.deleteKey(fingerprint));
    }

    void removeTag(String tag) {
        present(() -> client.deleteTag(tag));
    }

    Box create(Droplet order) {
        return call(() -> box(client.createDroplet(order)));
    }

    Optional<Box> droplet(int id) {
        return present(() -> box(client.getDropletInfo(id)));
    }

    /** The droplets with a tag, oldest first. */
    List<Box> tagged(String tag) {
        return all(
                        page -> client.getAvailableDropletsByTagName(tag, page, PAGE_SIZE),
                        droplets ->
                                droplets.getDroplets().stream().map(DigitalOceanApi::box).toList())
                .stream()
                .sorted((a, b) -> Integer.compare(a.id(), b.id()))
                .toList();
    }

    /** Removes a droplet; it is no error if it is already gone. */
    void remove(int id) {
        present(() -> client.deleteDroplet(id));
    }

    void powerOn(int id) {
        call(() -> client.powerOnDroplet(id));
    }

    void shutDown(int id) {
        call(() -> client.shutdownDroplet(id));
    }

    void reboot(int id) {
        call(() -> client.rebootDroplet(id));
    }

    void powerOff(int id) {
        call(() -> client.powerOffDroplet(id));
    }

    private static Box box(Droplet droplet) {
        List<Network> networks =
                droplet.getNetworks() == null || droplet.getNetworks().getVersion4Networks() == null
                        ? List.of()
                        : droplet.getNetworks().getVersion4Networks();
        return new Box(
                droplet.getId(),
                droplet.getName(),
                droplet.getStatus(),
                networks.stream()
                        .filter(network -> "public".equals(network.getType()))
                        .map(Network::getIpAddress)
                        .findFirst());
    }

    /** Only entries with all fields that {@link DropletSpec} needs. */
    private static List<Region> complete(Regions answer) {
        return answer.getRegions().stream().filter(it -> it.getSlug() != null).toList();
    }

    private static List<Size> complete(Sizes answer) {
        return answer.getSizes().stream()
                .filter(
                        it ->
                                it.getSlug() != null
                                        && it.getRegions() != null
                                        && it.getMemorySizeInMb() != null
                                        && it.getDiskSize() != null
                                        && it.getPriceMonthly() != null)
                .toList();
    }

    private interface Call<T> {
        @Nullable T run() throws DigitalOceanException, RequestUnsuccessfulException;
    }

    private interface Page<T> {
        @Nullable T read(int page) throws DigitalOceanException, RequestUnsuccessfulException;
    }

    /** Reads page after page until one is not full, because the library reads single pages. */
    private static <P, T> List<T> all(Page<P> pages, Function<P, List<T>> content) {
        List<T> all = new ArrayList<>();
        for (int page = 1; page <= MAX_PAGES; page++) {
            int number = page;
            List<T> some =
                    call(
                            () -> {
                                P answer = pages.read(number);
                                return answer == null ? null : content.apply(answer);
                            });
            all.addAll(some);
            if (some.size() < PAGE_SIZE) {
                break;
            }
        }
        return all;
    }

    private static <T> Optional<T> present(Call<T> call) {
        try {
            return Optional.of(call(call));
        } catch (Rejected e) {
            if (e.status() == Rejected.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static <T> T call(Call<T> call) {
        try {
            T answer = call.run();
            if (answer == null) {
                throw notUnderstood(null);
            }
            return answer;
        } catch (MachineException e) {
            throw e;
        } catch (DigitalOceanException | RequestUnsuccessfulException e) {
            throw new MachineException("DigitalOcean: " + e.getMessage(), e);
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException e) {
            // The library throws these when an answer lacks the fields that it expects.
            throw notUnderstood(e);
        }
    }

    static MachineException notUnderstood(@Nullable Throwable cause) {
        return new MachineException(
                "what answers there is not DigitalOcean's API v2",
                "is --digitalocean-api-url right?",
                ExitCode.UNREACHABLE,
                cause);
    }
}
