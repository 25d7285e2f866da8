namespace Headgate.Store.Etcd.Wire;

/// <summary>What is known when a member did not answer as it was asked to.</summary>
internal enum EtcdFailure
{
    /// <summary>Nobody took the question: it had no effect, and another member may be asked.</summary>
    NotSent,

    /// <summary>The question was sent and no answer tells what became of it: it may have had its effect, or have it later.</summary>
    Unknown,

    /// <summary>The member's login is no good any more: the question had no effect, and is asked again after a new login.</summary>
    LoginNeeded,

    /// <summary>The question was refused, had no effect, and would be refused by every member.</summary>
    Refused,
}
