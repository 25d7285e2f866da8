using Headgate.Core.Config;
using Headgate.Proxy.Restart;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Discovery;

/// <summary>Keeps what is known of services over a restart. Used by one thread at a time.</summary>
/// <param name="path">Where the file is; null = nothing is kept.</param>
/// <param name="logger">Where its failures go.</param>
internal sealed class DiscoveryFile(string? path, ILogger logger)
{
    /// <summary>Room for some 400,000 instances.</summary>
    private const int BytesMax = 64 * 1024 * 1024;

    private readonly StateFile? _file = path is null ? null : new StateFile(path);
    private bool _fails;

    /// <summary>What was known; nothing when there is no file, or none that can be used: that one is set aside.</summary>
    public Dictionary<ServiceKey, RememberedService> Read()
    {
        try
        {
            return _file?.Read(BytesMax) is { } bytes ? RememberedServicesJson.Read(bytes).ToDictionary(static service => service.Key) : [];
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            SetAside(e.Message);
            return [];
        }
    }

    /// <summary>Puts into the file what is known now. False when it cannot be written.</summary>
    public bool Write(IEnumerable<RememberedService> services)
    {
        if (_file is null)
            return true;
        try
        {
            _file.Write(RememberedServicesJson.Write(services));
            if (_fails)
                DiscoveryLog.FileWrittenAgain(logger, _file.Path);
            _fails = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_fails)
                DiscoveryLog.FileNotWritten(logger, _file.Path, e.Message);
            _fails = true;
            return false;
        }
    }

    private void SetAside(string problem)
    {
        DiscoveryLog.FileSetAside(logger, _file!.Path, problem, _file.Aside);
        try
        {
            _file.SetAside();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was told that it cannot be used; the next write says why it cannot be replaced either.
        }
    }
}
