using System.Diagnostics;
using System.Globalization;

namespace Headgate.Tests.EndToEnd.Soak;

/// <summary>What the kernel says of a process, from <c>/proc</c>.</summary>
/// <param name="At">When.</param>
/// <param name="ResidentBytes">Resident memory.</param>
/// <param name="Descriptors">Open descriptors that are no files: sockets, pipes, pollers. (The runtime opens its libraries as it needs them.)</param>
internal readonly record struct ProcessSample(long At, long ResidentBytes, int Descriptors)
{
    public static ProcessSample Of(int process)
    {
        string resident = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        long kilobytes = long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new ProcessSample(Stopwatch.GetTimestamp(), kilobytes * 1024, Kinds(process).Count(kind => kind is "socket" or "pipe" || kind.StartsWith("anon_inode", StringComparison.Ordinal)));
    }

    /// <summary>The open descriptors of a process by kind, for a report.</summary>
    public static string DescriptorKinds(int process) =>
        string.Join(", ", Kinds(process).CountBy(kind => kind).OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Value} {kind.Key}")));

    /// <summary>The median of resident memory in the given fifth (1 to 5) of <paramref name="samples"/>.</summary>
    public static double MedianOfFifth(IReadOnlyList<ProcessSample> samples, int fifth)
    {
        long[] sorted = [.. samples.Skip(samples.Count * (fifth - 1) / 5).Take(Math.Max(1, samples.Count / 5)).Select(sample => sample.ResidentBytes).Order()];
        return sorted[sorted.Length / 2];
    }

    private static IEnumerable<string> Kinds(int process) => Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(Kind);

    private static string Kind(string descriptor)
    {
        try
        {
            string target = File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "";
            int end = target.IndexOf(":[", StringComparison.Ordinal);
            return end > 0 && target[..end] != "anon_inode" ? target[..end] : Path.GetExtension(target) is { Length: > 0 } extension ? extension : target;
        }
        catch (IOException)
        {
            return "closed meanwhile";
        }
    }
}
