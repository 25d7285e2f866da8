using System.Diagnostics;

namespace Headgate.Testing;

/// <summary>Waits for a condition, with a bound, instead of sleeping.</summary>
public static class Eventually
{
    /// <summary>
    /// Looks every few milliseconds until <paramref name="condition"/> holds; fails after <paramref name="boundSeconds"/>, which only says that something hangs: far above what a
    /// busy machine needs.
    /// </summary>
    public static Task HoldsAsync(Func<bool> condition, string what, int boundSeconds = 30) =>
        HoldsAsync(() => Task.FromResult(condition()), what, boundSeconds);

    /// <summary>As the other, for a condition that has to be asked for.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, int boundSeconds = 30)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(begin).TotalSeconds > boundSeconds)
            {
                throw new TimeoutException($"{what}: not within {boundSeconds} s.");
            }

            await Task.Delay(2);
        }
    }
}
