using System.Diagnostics;

namespace Headgate.Metrics;

/// <summary>Numbers of the process, under the names that Prometheus's client libraries agreed on.</summary>
internal sealed class ProcessMetrics(string version, Func<long> configRevision) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        using var process = Process.GetCurrentProcess();
        writer.Gauge("headgate_build_info", "1, with the version that runs.");
        writer.Sample(1, ("version", version));
        writer.Gauge("headgate_config_revision", "Revision of the configuration that is served; -1 before the first.");
        writer.Sample(configRevision());
        writer.Counter("process_cpu_seconds_total", "User and system CPU time in seconds.");
        writer.Sample(process.TotalProcessorTime.TotalSeconds);
        writer.Gauge("process_resident_memory_bytes", "Resident memory in bytes.");
        writer.Sample(process.WorkingSet64);
        writer.Gauge("process_start_time_seconds", "Start of the process, Unix time in seconds.");
        writer.Sample(new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        writer.Counter("dotnet_gc_heap_total_allocated_bytes_total", "Bytes allocated on the managed heap since the start of the process.");
        writer.Sample(GC.GetTotalAllocatedBytes(precise: true));
        writer.Gauge("process_threads", "Threads of the process.");
        writer.Sample(process.Threads.Count);
        if (Directory.Exists("/proc/self/fd"))
        {
            writer.Gauge("process_open_fds", "Open file descriptors.");
            writer.Sample(Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        }
    }
}
