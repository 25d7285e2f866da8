using System.Runtime.InteropServices;
using Headgate.Proxy.Transport.Loops;

namespace Headgate.Proxy.Tests.Fronts;

/// <summary>Takes every descriptor that the process may still open, until it is disposed of.</summary>
internal sealed class DescriptorLimit : IDisposable
{
    private const int NoFile = 7;
    private readonly List<int> _taken = [];
    private readonly Limit _before;

    public DescriptorLimit()
    {
        _ = GetLimit(NoFile, out _before);
        int last = Directory.GetFileSystemEntries("/proc/self/fd").Max(path => int.Parse(Path.GetFileName(path)));
        Limit low = _before with { Soft = (ulong)last + 20 };
        _ = SetLimit(NoFile, low);
        TakeRest();
    }

    /// <summary>Takes those too that something has closed meanwhile.</summary>
    public void TakeRest()
    {
        for (int fd; (fd = LibC.eventfd(0, LibC.EFD_CLOEXEC)) >= 0;)
            _taken.Add(fd);
    }

    public void Dispose()
    {
        foreach (int fd in _taken)
            _ = LibC.close(fd);
        _ = SetLimit(NoFile, _before);
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(ulong Soft, ulong Hard);
}
