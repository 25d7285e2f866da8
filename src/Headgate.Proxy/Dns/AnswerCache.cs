namespace Headgate.Proxy.Dns;

/// <summary>Answers by question, until their time is over; bounded, the least recently used go first. Not thread-safe: under the lock of its owner.</summary>
internal sealed class AnswerCache(int answersMax, TimeProvider time)
{
    private readonly Dictionary<DnsQuestion, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    /// <summary>Answers kept, those whose time is over included.</summary>
    public int Count => _entries.Count;

    /// <summary>The answer, with the time that is left to it; null when there is none that counts.</summary>
    public DnsAnswer? Find(DnsQuestion question)
    {
        if (!_entries.TryGetValue(question, out LinkedListNode<Entry>? entry))
            return null;
        TimeSpan left = entry.Value.Answer.ValidFor - time.GetElapsedTime(entry.Value.Since);
        _byUse.Remove(entry);
        if (left <= TimeSpan.Zero)
        {
            _entries.Remove(question);
            return null;
        }

        _byUse.AddLast(entry);
        return entry.Value.Answer with { ValidFor = left };
    }

    /// <summary>Keeps an answer that was given now.</summary>
    public void Put(DnsQuestion question, DnsAnswer answer)
    {
        if (_entries.Remove(question, out LinkedListNode<Entry>? before))
        {
            _byUse.Remove(before);
        }
        else if (_entries.Count >= answersMax && _byUse.First is { } oldest)
        {
            _byUse.RemoveFirst();
            _entries.Remove(oldest.Value.Question);
        }

        _entries.Add(question, _byUse.AddLast(new Entry(question, answer, time.GetTimestamp())));
    }

    private readonly record struct Entry(DnsQuestion Question, DnsAnswer Answer, long Since);
}
