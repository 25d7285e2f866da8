using System.Globalization;
using System.Net;
using Headgate.Core.Discovery;
using Headgate.Proxy.Dns;

namespace Headgate.Proxy.Registries.Dns;

/// <summary>Makes instances of records, with the weights and priorities that APISIX makes of them.</summary>
internal static class ServiceInstances
{
    /// <summary>Addresses alone: each weighs 1.</summary>
    public static ServiceAnswer Of(IEnumerable<IPAddress> addresses, int? port)
    {
        var builder = new ServiceAnswerBuilder();
        foreach (IPAddress address in addresses)
            builder.Add(address.ToString(), address.ToString(), port, 1);
        return builder.Build();
    }

    /// <summary>
    /// SRV records and the addresses of their targets. A record's weight, 0 counting as 1, is shared by the addresses of its target: all weights are multiplied by the least common multiple
    /// of the numbers of addresses, so that the shares are whole. A lower priority is used first, which is a higher one of a node. A port given replaces those of the records; 0 is none.
    /// </summary>
    /// <exception cref="DnsException">There are records, and no target has an address: that is no word on how many instances there are.</exception>
    public static ServiceAnswer Of(IReadOnlyList<ServiceRecord> records, IReadOnlyDictionary<string, IPAddress[]> addresses, int? port)
    {
        var builder = new ServiceAnswerBuilder();
        ServiceRecord[] usable = [.. records.Where(record => addresses.GetValueOrDefault(record.Target) is { Length: > 0 })];
        double multiple = Multiple(usable, addresses);
        foreach (ServiceRecord record in usable)
        {
            IPAddress[] targets = addresses[record.Target];
            double weight = Math.Max(1, Math.Round(Math.Max((int)record.Weight, 1) * multiple / targets.Length));
            foreach (IPAddress address in targets)
                builder.Add($"SRV {record.Target}", address.ToString(), port ?? (record.Port == 0 ? null : (long?)record.Port), weight, -record.Priority);
        }

        // A target that is the root says that there is no such service, which is no problem (RFC 2782).
        foreach (ServiceRecord record in records.Except(usable).Where(record => record.Target.Length > 0))
            builder.Refuse(string.Create(CultureInfo.InvariantCulture, $"SRV {record.Target}, port {record.Port}: the target has no address"));
        ServiceAnswer answer = builder.Build();
        return builder.IsGarbage ? throw new DnsException(string.Join("; ", answer.Problems)) { IsOfNameOnly = true } : answer;
    }

    /// <summary>What the weights are multiplied by: less than the least common multiple only where that would make weights that no node can have.</summary>
    private static double Multiple(ServiceRecord[] records, IReadOnlyDictionary<string, IPAddress[]> addresses)
    {
        double weightMax = Math.Max(1, records.Select(record => (int)record.Weight).DefaultIfEmpty().Max());
        double limit = Math.Floor(int.MaxValue / weightMax / Math.Max(1, records.Length));
        long multiple = 1;
        foreach (int count in records.Select(record => addresses[record.Target].Length).Distinct())
        {
            multiple = multiple / Divisor(multiple, count) * count;
            if (multiple > limit)
                return limit;
        }

        return multiple;
    }

    private static long Divisor(long a, long b) => b == 0 ? a : Divisor(b, a % b);
}
