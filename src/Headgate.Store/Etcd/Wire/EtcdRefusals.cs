namespace Headgate.Store.Etcd.Wire;

/// <summary>What etcd's error answers mean, by gRPC's code and etcd's own words.</summary>
internal static class EtcdRefusals
{
    private const int InvalidArgument = 3;
    private const int NotFound = 5; // a lease that ran out meanwhile
    private const int PermissionDenied = 7;
    private const int ResourceExhausted = 8;
    private const int FailedPrecondition = 9;
    private const int Unauthenticated = 16;

    /// <summary>The exception for an answer.</summary>
    public static EtcdException Of(Uri member, int code, string text)
    {
        string name = EtcdEndpoints.Name(member);
        return code switch
        {
            Unauthenticated => new EtcdException($"{name}: {text}", EtcdFailure.LoginNeeded, code),
            InvalidArgument when text.Contains("auth store is old", StringComparison.Ordinal) => new EtcdException($"{name}: {text}", EtcdFailure.LoginNeeded, code),
            InvalidArgument when text.Contains("user name is empty", StringComparison.Ordinal) =>
                new EtcdException($"{name} asks for a user: set deployment.etcd.user and password", EtcdFailure.Refused, code),
            InvalidArgument when text.Contains("authentication failed", StringComparison.Ordinal) =>
                new EtcdException($"{name} does not take deployment.etcd.user with this password", EtcdFailure.Refused, code),
            PermissionDenied => new EtcdException($"{name}: {text}; the user needs to read and write all keys below the prefix and below /headgate/", EtcdFailure.Refused, code),
            ResourceExhausted when text.Contains("space exceeded", StringComparison.Ordinal) =>
                new EtcdException($"{name}: {text}; etcd takes no writes until it is compacted, defragmented and its alarm is disarmed, or has a larger quota", EtcdFailure.Refused, code),
            FailedPrecondition when text.Contains("authentication is not enabled", StringComparison.Ordinal) =>
                new EtcdException($"{name} has authentication off; leave deployment.etcd.user out or switch it on", EtcdFailure.Refused, code),
            InvalidArgument or NotFound or ResourceExhausted or FailedPrecondition or EtcdException.OutOfRange => new EtcdException($"{name}: {text}", EtcdFailure.Refused, code),

            // No leader, a leader that changed, a timeout of etcd's own: nobody knows what becomes of a write.
            _ => new EtcdException($"{name}: {text}", EtcdFailure.Unknown, code),
        };
    }
}
