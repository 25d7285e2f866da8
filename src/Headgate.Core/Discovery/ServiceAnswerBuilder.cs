using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Config.Reading;

namespace Headgate.Core.Discovery;

/// <summary>
/// Collects the instances of an answer. One that cannot be used is left out and named in <see cref="ServiceAnswer.Problems"/>; the others count. One thread.
/// </summary>
public sealed class ServiceAnswerBuilder
{
    /// <summary>Problems beyond these are counted only: an answer of garbage must not become a log of garbage.</summary>
    private const int ProblemsMax = 20;

    private readonly Dictionary<(string Host, int? Port), ServiceInstance> _instances = [];
    private readonly List<string> _problems = [];
    private int _problemCount;

    /// <summary>
    /// Adds an instance, as the registry wrote it. <paramref name="at"/> says where in the answer it stands; <paramref name="host"/> may be an IPv6 address without brackets;
    /// of two with the same address the weights are added up.
    /// </summary>
    public void Add(string at, string? host, long? port, double weight, int priority = 0, IEnumerable<MetadataEntry>? metadata = null)
    {
        if (Host(host) is not { } name)
            Refuse($"{at}: {Quoted(host)} is no host");
        else if (port is < 1 or > 65535)
            Refuse(string.Create(CultureInfo.InvariantCulture, $"{at}: the port of {name} is {port}; allowed: 1 to 65535"));
        else if (weight is not (>= 0 and <= int.MaxValue))
            Refuse(string.Create(CultureInfo.InvariantCulture, $"{at}: the weight of {name} is {weight}; allowed: 0 to {int.MaxValue}"));
        else
            Keep(new ServiceInstance(name, (int?)port, (int)Math.Round(weight), priority) { Metadata = [.. (metadata ?? []).OrderBy(static entry => entry.Key, StringComparer.Ordinal)] });
    }

    /// <summary>Says that something in the answer, which holds one instance or more, cannot be used.</summary>
    public void Refuse(string problem)
    {
        if (++_problemCount <= ProblemsMax)
            _problems.Add(problem);
    }

    /// <summary>The answer.</summary>
    public ServiceAnswer Build()
    {
        List<string> problems = [.. _problems];
        if (_problemCount > ProblemsMax)
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{_problemCount - ProblemsMax} more"));
        return new ServiceAnswer([.. _instances.Values.OrderBy(static one => one.Host, StringComparer.Ordinal).ThenBy(static one => one.Port)]) { Problems = problems };
    }

    /// <summary>Says whether an answer is all wrong: it has problems and no instance, so that it is no word on how many there are.</summary>
    public bool IsGarbage => _problemCount > 0 && _instances.Count == 0;

    private void Keep(ServiceInstance instance)
    {
        (string, int?) address = (instance.Host, instance.Port);
        if (_instances.TryGetValue(address, out ServiceInstance? known))
            instance = known with { Weight = (int)Math.Min((long)known.Weight + instance.Weight, int.MaxValue) };
        _instances[address] = instance;
    }

    private static string? Host(string? host) => host switch
    {
        null => null,
        _ when HostNames.IsName(host) => host.ToLowerInvariant(),
        _ when HostNames.IsIPv6(host) => $"[{host.ToLowerInvariant()}]",
        ['[', .. string inner, ']'] when HostNames.IsIPv6(inner) => host.ToLowerInvariant(),
        _ => null,
    };

    private static string Quoted(string? host) => host is null ? "nothing" : JsonSerializer.Serialize(host.Length <= 100 ? host : host[..100] + "...");
}
