using System.Globalization;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>Ids of POST: 20 digits, rising, above the store's revision as in APISIX (which takes the revision itself). Thread-safe.</summary>
internal sealed class IdSequence
{
    private long _last;

    /// <summary>An id above every earlier one of this process and above <paramref name="revision"/>.</summary>
    public string Next(long revision)
    {
        while (true)
        {
            long last = Volatile.Read(ref _last);
            long next = Math.Max(last, revision) + 1;
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next.ToString("D20", CultureInfo.InvariantCulture);
        }
    }
}
