namespace Headgate.Differential.Comparison;

/// <summary>The first place where a server does something else than Headgate with the same bytes, in words that are the same for all inputs of a kind.</summary>
internal static class Difference
{
    /// <summary>The signature of the difference; null when there is none.</summary>
    public static string? Of(Observation headgate, string peerName, Observation peer)
    {
        for (int index = 0; index < Math.Max(headgate.Steps.Count, peer.Steps.Count); index++)
        {
            (Step ours, Step theirs) = (headgate.At(index), peer.At(index));
            if (!ours.IsLike(theirs))
                return Signature(ours, peerName, theirs);

            // Behind a refusal nobody reads on in the same way: nginx keeps a connection after some of them.
            if (ours.Kind == StepKind.Refused)
                return null;
        }

        return null;
    }

    private static string Signature(Step ours, string peerName, Step theirs)
    {
        if (ours.Kind == StepKind.Request && theirs.Kind == StepKind.Request)
            return $"both take a request, {peerName} with another {Part(ours.Text, theirs.Text)}";

        // A refusal against a wait: one saw at once what the other will see later. The reason would only multiply the findings.
        bool withReason = ours.Kind != StepKind.Waits && theirs.Kind != StepKind.Waits;
        return $"headgate {Words(ours, withReason)}; {peerName} {Words(theirs, withReason: true)}";
    }

    private static string Words(Step step, bool withReason) => step.Kind switch
    {
        StepKind.Request => "takes it",
        StepKind.Refused => withReason && step.Reason.Length > 0 ? $"refuses ({step.Reason})" : "refuses",
        _ => step.Text,
    };

    private static string Part(string ours, string theirs)
    {
        string[] a = ours.Split(' ', 3);
        string[] b = theirs.Split(' ', 3);
        return a[0] != b[0] ? "method" : a[1] != b[1] ? "target" : "body";
    }
}
