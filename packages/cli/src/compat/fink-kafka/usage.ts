/** The texts of Fink's documentation, to the letter. */
export const HELP = `Manage Fink's Kafka Server for Alert Distribution

 Usage:
 	fink_kafka [option]

 Option:
 	start
 		Starts Zookeeper Server and a Kafka Cluster

 	stop
 		Stops the running Kafka Cluster and Zookeeper Server

 	-h, --help
 		To view this help message

 	--create-topic <TOPIC>
 		Creates a topic named <TOPIC> if it does not already exist

 	--delete-topic <TOPIC>
 		Deletes an existing topic <TOPIC>

 	--describe-topic <TOPIC>
 		Lists out details for the given topic <TOPIC>

 	--list-topics
 		Lists all the topics

 	--authentication [-a] [-d] [-u user] [-p password] [-h]
 		Authenticate users on Fink's Kafka Cluster (use -h for more help)

 	--authorization [-a] [-d] [-u user] [-H host] [-c consumer-group] [-p] [-t topic] [-h]
 		Authorize permissions on Fink's Kafka Cluster (use -h for more help)

 	--list-acl
 		Lists the current ACL`;

export const AUTHENTICATION_USAGE = `Usage:
       fink_kafka --authentication [-a] [-d] [-u user] [-p password] [-h]

Add/delete credentials for user's authentication
       -a: add user's credentials (default)
       -d: delete user's credentials (optional)
       -u: username
       -p: password (not required for delete)
       -h: to view this help message`;

export const AUTHORIZATION_USAGE = `Usage:
       fink_kafka --authorization [-a] [-d] [-u user] [-H host] [-c consumer-group] [-p] [-t topic] [-h]

Add/delete ACLs for authorization on Fink's Kafka Cluster
       -a: add Acl
       -d: delete/remove Acl
       -u: username (Principal)
       -H: IP address from which Principal will have access (using hostname is not supported)
       -c: give access rights for a consumer (argument required: consumer-group)
       -p: give access rights for a producer
       -t: topic
       -h: to view this help message`;
