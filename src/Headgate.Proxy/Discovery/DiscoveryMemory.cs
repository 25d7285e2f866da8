using Headgate.Core.Config;
using Headgate.Core.Discovery;

namespace Headgate.Proxy.Discovery;

/// <summary>What was known of services before a restart, and what is to be known after the next. Members whose names end in NeedsLock are called under the book's lock.</summary>
internal sealed class DiscoveryMemory
{
    private readonly DiscoveryBook _book;
    private readonly DiscoveryFile _file;
    private readonly TimeProvider _time;
    private readonly Dictionary<ServiceKey, RememberedService> _remembered;

    /// <summary>Makes it, of what <paramref name="file"/> has.</summary>
    public DiscoveryMemory(DiscoveryFile file, DiscoveryBook book, TimeProvider time) => (_book, _file, _time, _remembered) = (book, file, time, file.Read());

    /// <summary>Tells a service what is known of it from before; the first that is followed under its key takes it.</summary>
    public void Recall_NeedsLock(DiscoveredService service)
    {
        if (_remembered.Remove(service.Key, out RememberedService? known))
            service.Remember(known.Instances, known.AnsweredAt);
    }

    /// <summary>Keeps what is known, if anything has changed. By one thread at a time; <paramref name="services"/> are read under the lock.</summary>
    public void Write(IEnumerable<FollowedService> services)
    {
        RememberedService[] known;
        lock (_book.Gate)
        {
            if (!_book.IsUnwritten)
                return;
            _book.IsUnwritten = false;
            DateTimeOffset now = _time.GetUtcNow();
            known =
            [
                .. services.Where(static service => service.State.IsKnown).Select(service => service.View(now))
                    .Select(static view => new RememberedService(view.Key, view.AnsweredAt!.Value, view.Instances)),
                .. _remembered.Values, // nobody has asked for these yet: the configuration may not be read
            ];
        }

        if (_file.Write(known))
            return;
        lock (_book.Gate)
            _book.IsUnwritten = true;
    }
}
