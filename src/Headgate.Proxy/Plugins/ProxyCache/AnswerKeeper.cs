using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Plugins.ProxyCache;

/// <summary>Decides which answers are kept, and keeps them. Thread-safe.</summary>
internal sealed class AnswerKeeper(ProxyCacheConfig config, CacheZone zone, TimeProvider time)
{
    private const int FieldsMax = 128;

    private readonly CacheText _noCache = new(config.NoCache);
    private readonly bool _keyHasAuthorization = config.Key.Items.Contains("$http_authorization");

    /// <summary>There is an answer to a request: keeps it, when it is one to keep and comes whole. What the client is told of the cache.</summary>
    public CacheStatus Judge(PluginContext context, CacheVisit visit, CacheStatus status)
    {
        if (context.Response.Head is not { } head)
        {
            visit.End(FillEnd.NotKept); // the gateway's own: no node could answer
            return status;
        }

        if (visit.Revalidates && head.Status == 304)
        {
            Refresh(context, visit, head);
            return CacheStatus.Revalidated;
        }

        if (Life(context, head) is not { } life || VaryOf(context, head) is not { } vary || !MayKeep(context, head))
        {
            if (head.Status is < 500 and not 304) // neither says what the next answer will be
                zone.Passed.Add(visit.Key, context.Clock.NowMs);
            visit.End(FillEnd.NotKept);
            return status;
        }

        ResponseHead kept = StoredHead.Of(head, config.KeepsSetCookie, time.GetUtcNow());
        if (CacheSender.HasBody(head.Status))
            context.Body.Add(new CacheRecorder(zone, context.Body, head.ContentLength, config.BodyBytesMax, Keep));
        else
            Keep([], 0);
        return status;

        void Keep(byte[]? body, long reserved) =>
            this.Keep(context, visit, body is null ? null : new CachedAnswer { Key = visit.Key, Head = kept, Body = body, Vary = vary, Life = life }, reserved);
    }

    private void Keep(PluginContext context, CacheVisit visit, CachedAnswer? answer, long reserved)
    {
        bool kept = answer is not null && zone.Keep(answer, context.Forwarded, reserved, visit.Removals);
        if (kept)
            zone.Passed.Remove(visit.Key);
        else
            zone.Passed.Add(visit.Key, context.Clock.NowMs);
        visit.End(kept ? FillEnd.Kept : FillEnd.NotKept);
    }

    /// <summary>What is kept still holds: the client gets it, with what the node says anew of it.</summary>
    private void Refresh(PluginContext context, CacheVisit visit, ResponseHead head)
    {
        CachedAnswer before = visit.Before!;
        ResponseHead updated = StoredHead.Updated(before.Head, head, config.KeepsSetCookie, time.GetUtcNow());
        if (Life(context, updated) is { } life && VaryOf(context, updated) is { } vary)
            Keep(context, visit, new CachedAnswer { Key = visit.Key, Head = updated, Body = before.Body, Vary = vary, Life = life }, 0);
        else
            visit.End(FillEnd.NotKept);
        if (CacheConditions.IsMet(updated, visit.ClientTags, visit.ClientSince))
            return;
        context.Response.SetStatus(updated.Status);
        AddMissing(context.Response, updated);
        context.Body.Replace(before.Body);
    }

    /// <summary>Adds the fields that neither the node's 304 nor a plugin has said anything about.</summary>
    private static void AddMissing(ResponseEdits response, ResponseHead updated)
    {
        Span<bool> isMissing = stackalloc bool[FieldsMax];
        int count = Math.Min(FieldsMax, updated.FieldCount);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> name = updated.Name(updated.Fields[i]);
            isMissing[i] = updated.Fields[i].Known != KnownHeader.Date && !response.Drops(name) && !response.TryGet(name, out _);
        }

        for (int i = 0; i < count; i++)
        {
            if (isMissing[i])
                response.Add(updated.Name(updated.Fields[i]), updated.Value(updated.Fields[i]));
        }
    }

    /// <summary>How long the answer is fresh; null when it must not be kept, or is not fresh at all.</summary>
    private CacheLife? Life(PluginContext context, ResponseHead head)
    {
        CacheControl said = Said(head);
        if (said.NoStore || said.NoCache || said.Private)
            return null;

        // RFC 9111 §3.5.
        if (!_keyHasAuthorization && !said.Public && !said.MustRevalidate && said.SharedMaxAge < 0 && context.Forwarded.TryGet("authorization"u8, out _))
            return null;
        var life = CacheLife.Of(head, said, config.HonorsCacheControl ? null : config.Ttl, time);
        return life.Left > TimeSpan.Zero ? life : null;
    }

    private bool MayKeep(PluginContext context, ResponseHead head) =>
        config.Statuses.Items.Contains(head.Status) && head.Status is not (206 or 304)
        && head.FieldCount <= FieldsMax && head.ContentLength <= config.BodyBytesMax
        && head.Framing != BodyFraming.UntilClose // an end that cannot be told from a break
        && (config.KeepsSetCookie || !head.TryGet("set-cookie"u8, out _))
        && !context.Body.IsChanged // what a plugin before this one makes of it, it would make of it again
        && !_noCache.Holds(context.Request);

    private static CacheControl Said(ResponseHead head)
    {
        CacheControl said = CacheControl.None;
        foreach (ref readonly HeaderField field in head.Fields)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(head.Name(field), "cache-control"u8))
                said.Read(head.Value(field));
        }

        return said;
    }

    /// <summary>The fields of the request that the answer was chosen by; null when it was chosen by more than that.</summary>
    private static VaryField[]? VaryOf(PluginContext context, ResponseHead head)
    {
        var fields = new List<VaryField>();
        foreach (ref readonly HeaderField field in head.Fields)
        {
            if (!System.Text.Ascii.EqualsIgnoreCase(head.Name(field), "vary"u8))
                continue;
            ReadOnlySpan<byte> names = head.Value(field);
            foreach (Range range in names.Split((byte)','))
            {
                ReadOnlySpan<byte> name = names[range].Trim(" \t"u8);
                if (name.SequenceEqual("*"u8))
                    return null;
                if (!name.IsEmpty)
                    fields.Add(VaryField.Of(context.Forwarded, name));
            }
        }

        return [.. fields];
    }
}
