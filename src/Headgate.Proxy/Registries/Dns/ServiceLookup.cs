using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Dns;

namespace Headgate.Proxy.Registries.Dns;

/// <summary>
/// Finds the instances of a service: asks for types of records in order until one has something. An error ends it: what a further type has may be another set of instances (a
/// service's addresses without its ports), which must not replace the good one during an outage. Thread-safe.
/// </summary>
internal sealed class ServiceLookup(DnsResolver resolver, EquatableArray<DnsStep> order)
{
    /// <summary>CNAMEs followed by the step of that name; a name server follows those it knows by itself.</summary>
    private const int AliasesMax = 8;

    /// <summary>How long a service counts that is an address.</summary>
    private static readonly TimeSpan LiteralValidFor = TimeSpan.FromHours(1);

    /// <summary>Names whose last type is kept; beyond it all are forgotten, which costs a question each.</summary>
    private const int LastMax = 10_000;

    // What had something the last time, by name.
    private readonly ConcurrentDictionary<string, DnsStep> _last = new(StringComparer.Ordinal);

    /// <summary>The instances of a service written <c>name</c> or <c>name:port</c>, and how long they count.</summary>
    /// <exception cref="DnsException">It is no name, or nobody could tell.</exception>
    public async Task<(ServiceAnswer Answer, TimeSpan ValidFor)> AskAsync(string service, CancellationToken cancellationToken)
    {
        (string host, int? port) = Split(service);
        if (LiteralAddress.TryParse(host, out IPAddress address))
            return (ServiceInstances.Of([address], port), LiteralValidFor);
        TimeSpan shortest = TimeSpan.MaxValue;
        foreach (string candidate in resolver.Candidates(host))
        {
            (ServiceAnswer? answer, TimeSpan validFor) = await LookAsync(candidate, port, 0, cancellationToken);
            shortest = validFor < shortest ? validFor : shortest;
            if (answer is not null)
                return (answer, shortest);
        }

        return (ServiceInstances.Of([], port), shortest);
    }

    /// <summary>Null when there is nothing under this name.</summary>
    private async Task<(ServiceAnswer? Answer, TimeSpan ValidFor)> LookAsync(string name, int? port, int aliases, CancellationToken cancellationToken)
    {
        TimeSpan shortest = TimeSpan.MaxValue;
        foreach (DnsStep step in StepsFor(name))
        {
            DnsAnswer answer = await resolver.AskAsync(name, TypeOf(step), cancellationToken);
            shortest = Shorter(answer.ValidFor, shortest);
            if (answer.Records.Count == 0)
                continue;
            Keep(name, step);
            switch (step)
            {
                case DnsStep.Srv:
                    (ServiceAnswer found, TimeSpan validFor) = await ResolveAsync([.. answer.Records.Cast<ServiceRecord>()], port, cancellationToken);
                    return (found, Shorter(validFor, shortest));
                case DnsStep.Cname when aliases >= AliasesMax:
                    throw new DnsException($"{name}: more than {AliasesMax} aliases, or a loop of them");
                case DnsStep.Cname:
                    (ServiceAnswer? behind, TimeSpan time) = await LookAsync(((AliasRecord)answer.Records[0]).Target, port, aliases + 1, cancellationToken);
                    return (behind, Shorter(time, shortest));
                default:
                    return (ServiceInstances.Of(answer.Records.Cast<AddressRecord>().Select(record => record.Address), port), shortest);
            }
        }

        return (null, shortest);
    }

    private async Task<(ServiceAnswer Answer, TimeSpan ValidFor)> ResolveAsync(ServiceRecord[] records, int? port, CancellationToken cancellationToken)
    {
        string[] targets = [.. records.Select(record => record.Target).Where(target => target.Length > 0).Distinct()];
        DnsAnswer[] answers = await Task.WhenAll(targets.Select(target => AddressesAsync(target, cancellationToken)));
        TimeSpan shortest = answers.Aggregate(TimeSpan.MaxValue, (time, answer) => Shorter(time, answer.ValidFor));
        Dictionary<string, IPAddress[]> addresses = targets.Zip(answers)
            .ToDictionary(pair => pair.First, pair => pair.Second.Records.Cast<AddressRecord>().Select(record => record.Address).Distinct().ToArray());
        return (ServiceInstances.Of(records, addresses, port), shortest);
    }

    /// <summary>Of the first family, in the order written, that has some.</summary>
    private async Task<DnsAnswer> AddressesAsync(string target, CancellationToken cancellationToken)
    {
        DnsStep[] families = [.. order.Items.Where(step => step is DnsStep.A or DnsStep.Aaaa)];
        DnsAnswer answer = await resolver.AskAsync(target, families is [DnsStep.Aaaa, ..] ? DnsType.Aaaa : DnsType.A, cancellationToken);
        if (answer.Records.Count > 0 || families.Length == 1)
            return answer;
        DnsAnswer second = await resolver.AskAsync(target, families is [DnsStep.Aaaa, ..] ? DnsType.A : DnsType.Aaaa, cancellationToken);
        return second with { ValidFor = Shorter(answer.ValidFor, second.ValidFor) };
    }

    private IEnumerable<DnsStep> StepsFor(string name)
    {
        DnsStep last = _last.GetValueOrDefault(name, DnsStep.Last);
        return order.Items.Select(step => step == DnsStep.Last ? last : step).Where(step => step != DnsStep.Last).Distinct();
    }

    private void Keep(string name, DnsStep step)
    {
        if (!order.Items.Contains(DnsStep.Last))
            return;
        if (_last.Count >= LastMax)
            _last.Clear();
        _last[name] = step;
    }

    private static DnsType TypeOf(DnsStep step) => step switch
    {
        DnsStep.Srv => DnsType.Srv,
        DnsStep.A => DnsType.A,
        DnsStep.Aaaa => DnsType.Aaaa,
        _ => DnsType.Cname,
    };

    /// <summary>Splits at the last colon; an IPv6 address keeps its own, and has brackets where a port follows.</summary>
    private static (string Host, int? Port) Split(string service)
    {
        int colon = service.LastIndexOf(':');
        if (colon < 0 || service.EndsWith(']'))
            return (service, null);
        if (service.IndexOf(':') != colon && service[0] != '[')
            return ($"[{service}]", null);
        return int.TryParse(service.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535
            ? (service[..colon], port)
            : throw new DnsException($"\"{service}\" is no service: write a name, or a name with a port from 1 to 65535 such as shop.test:8080");
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
