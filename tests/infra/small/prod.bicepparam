using 'main.bicep'

param environment = 'prod'
param secretKey = readEnvironmentVariable('SECRET_KEY')
param imageDigest = readEnvironmentVariable('IMAGE_DIGEST', '')
