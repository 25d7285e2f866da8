namespace Headgate.Core.Upstreams;

/// <summary>
/// A peak EWMA of a node's time to answer: a longer time than expected counts at once, shorter ones pull the estimate down over <see cref="DecayMs"/>. Source:
/// Finagle's peak EWMA; the decay is APISIX's. Time counts, not the number of requests. All of it is one 64-bit word: written by the threads that serve traffic, by
/// compare-and-swap, read by anyone; nothing blocks or allocates. A mutable struct: use it in place, never a copy.
/// </summary>
public struct LatencyEstimate
{
    /// <summary>After so many milliseconds an observation counts 1/e of what it did.</summary>
    public const int DecayMs = 10_000;

    /// <summary>An estimate that nothing refreshed for so many milliseconds is as good as none.</summary>
    public const int ForgottenMs = 3 * DecayMs;

    /// <summary>What a failed try counts at least, in milliseconds.</summary>
    public const int PenaltyMsMin = 1_000;

    /// <summary>What a failed try counts at most unless it took longer, in milliseconds.</summary>
    public const int PenaltyMsMax = 60_000;

    /// <summary>Swaps tried when other threads write at the same time; a lost observation of many is no loss.</summary>
    private const int SwapsMax = 4;

    private const float LatencyMsMin = 0.001f;

    // Milliseconds of the latest observation modulo 2^32 in the upper half, the estimate in milliseconds as a float in the lower; 0 = none yet.
    private long _word;

    /// <summary>
    /// A node has begun to answer after <paramref name="latencyMs"/>. <paramref name="nowMs"/>: a monotonic clock, the same for all calls; it may begin anywhere.
    /// </summary>
    public void Observe(double latencyMs, long nowMs) => Observe((float)latencyMs, nowMs, isPenalty: false, isFloor: false);

    /// <summary>
    /// A node has begun to answer, but with an error of its own: the time counts only as far as it makes the estimate worse. A node that fails fast must not look fast.
    /// </summary>
    public void ObserveError(double latencyMs, long nowMs) => Observe((float)latencyMs, nowMs, isPenalty: false, isFloor: true);

    /// <summary>
    /// A try has failed after <paramref name="elapsedMs"/>. It counts as twice the estimate, within <see cref="PenaltyMsMin"/> and <see cref="PenaltyMsMax"/>, and
    /// never less than it took: a refused connection comes back faster than any answer.
    /// </summary>
    public void ObserveFailure(double elapsedMs, long nowMs) => Observe((float)elapsedMs, nowMs, isPenalty: true, isFloor: false);

    /// <summary>The estimate in milliseconds as it was last observed, however long ago; false when nothing was within <see cref="ForgottenMs"/>.</summary>
    public readonly bool TryGetMs(long nowMs, out float estimateMs) => TryGetMs(nowMs, out estimateMs, out _);

    /// <summary>As <see cref="TryGetMs(long, out float)"/>, with how long ago it was observed, in milliseconds.</summary>
    public readonly bool TryGetMs(long nowMs, out float estimateMs, out int ageMs)
    {
        long word = Volatile.Read(in _word);
        (estimateMs, ageMs) = (EstimateMs(word), word == 0 ? ForgottenMs : AgeMs(word, nowMs));
        return ageMs < ForgottenMs;
    }

    /// <summary>As it was at another time, observed at <paramref name="observedMs"/> of the clock that the others are told. For a node that was not asked yet.</summary>
    public void Restore(float estimateMs, long observedMs) =>
        Volatile.Write(ref _word, ((long)(uint)observedMs << 32) | BitConverter.SingleToUInt32Bits(Math.Max(LatencyMsMin, estimateMs)));

    /// <summary>
    /// The estimate in milliseconds, above 0. With its age it drifts from what was observed to <paramref name="expectedMs"/>, which it is when nothing is known.
    /// </summary>
    public readonly float ReadMs(float expectedMs, long nowMs)
    {
        long word = Volatile.Read(in _word);
        if (word == 0)
            return expectedMs;
        int ageMs = AgeMs(word, nowMs);
        return ageMs >= ForgottenMs ? expectedMs : expectedMs + ((EstimateMs(word) - expectedMs) * Kept(ageMs));
    }

    private void Observe(float observedMs, long nowMs, bool isPenalty, bool isFloor)
    {
        long word = Volatile.Read(ref _word);
        for (int swaps = 0; swaps < SwapsMax; swaps++)
        {
            int ageMs = word == 0 ? ForgottenMs : AgeMs(word, nowMs);
            bool known = ageMs < ForgottenMs;
            float before = known ? EstimateMs(word) : 0;
            if (isFloor && !known)
                return;

            float sample = Math.Max(LatencyMsMin, isPenalty ? Math.Max(observedMs, Math.Clamp(2 * before, PenaltyMsMin, PenaltyMsMax)) : observedMs);
            float after = sample >= before || !known ? sample : isFloor ? before : sample + ((before - sample) * Kept(ageMs));
            long next = ((long)(uint)nowMs << 32) | BitConverter.SingleToUInt32Bits(after);
            long seen = Interlocked.CompareExchange(ref _word, next, word);
            if (seen == word)
                return;
            word = seen;
        }
    }

    /// <summary>Threads read the clock before they write: one that comes late finds a time ahead of its own, which is an age of 0.</summary>
    private static int AgeMs(long word, long nowMs) => Math.Max(0, (int)((uint)nowMs - (uint)(word >> 32)));

    private static float EstimateMs(long word) => BitConverter.UInt32BitsToSingle((uint)word);

    private static float Kept(int ageMs) => ageMs == 0 ? 1 : MathF.Exp(-ageMs / (float)DecayMs);
}
